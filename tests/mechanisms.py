"""The matrix of mechanisms: a silent fixture proves nothing until it was seen to fail.

A fixture names what keeps its correct functions silent (`// mechanism: NAME`). In builds with
assertions the environment variable OVERSTAY_WITHOUT=NAME switches that mechanism off; the
fixture must then report something on a line that announces nothing, or miss what it announces.
"""
import expect


def must_fail_without(binary, fixture, mechanism):
    """[] when switching the mechanism off makes the fixture fail, else what is wrong."""
    whole = expect.run_fixture(binary, fixture)
    if whole.problems:
        return ["fails already with everything on: " + whole.problems[0]]
    crippled = expect.run_fixture(binary, fixture, {"OVERSTAY_WITHOUT": mechanism})
    if any(problem.startswith("overstay ended") for problem in crippled.problems):
        return crippled.problems
    if not crippled.problems:
        return [f"passes also without '{mechanism}': it does not test that mechanism"]
    return []
