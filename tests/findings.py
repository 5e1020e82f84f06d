"""The JSON report of overstay, as the test tools want it: one flat record a finding."""
import dataclasses
import re


@dataclasses.dataclass
class Place:
    file: str  # relative to the root, or absolute
    line: int
    function: str
    text: str = ""


@dataclasses.dataclass
class Finding:
    file: str
    line: int
    rule: str
    message: str
    steps: list  # of Place; steps without a place (evidence) are left out
    function: str = ""
    object: str = ""
    fingerprint: str = ""
    confidence: str = ""

    def functions(self):
        """Names of the functions that it stands in or passes through."""
        return {self.function, *(step.function for step in self.steps)} - {""}

    def mentions(self, symbol):
        """The symbol as a whole word in the object or the message."""
        text = f"{self.object} {self.message}"
        if "." in symbol:
            return re.search(rf"(?<![\w.]){re.escape(symbol)}(?!\w)", text) is not None
        return symbol in "".join(c if c.isalnum() or c == "_" else " " for c in text).split()


def place_of(location, text=""):
    return Place(location["path"], location["line"], location.get("function", ""), text)


def findings_of(report):
    """Raises KeyError or TypeError when the report is not of this form."""
    found = []
    for item in report["findings"]:
        steps = [place_of(step["location"], step["text"])
                 for step in item["steps"] if "location" in step]
        at = place_of(item["location"])
        found.append(Finding(at.file, at.line, item["rule"], item["message"], steps, at.function,
                             item.get("object", ""), item["fingerprint"],
                             item["confidence"]))
    return found


def not_checked(report):
    """{function: why} for functions without a judgement."""
    return {gap["function"]: f"{gap['kind']}: {gap['reason']}"
            for gap in report["not_checked"]["functions"]}


def failed_units(report):
    return [unit["source"] for unit in report["not_checked"]["units"]]
