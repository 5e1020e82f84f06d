/* option_table.c - every option and command, once. */
#include "cli/options.h"

#define BIT(command) (1u << COMMAND_##command)
#define FIELD(name) offsetof(Options, name)

enum {
  VIEWS = BIT(CHECK) | BIT(CONFIG),
  WHOLE = VIEWS | BIT(BASELINE),          // what a whole run has
  RUN = WHOLE | BIT(TU),                  // whatever reads units
  SHOW = WHOLE | BIT(REPORT) | BIT(LINK), // whatever prints findings
  CHOOSE = SHOW | BIT(RULES),             // whatever has a choice of rules
  STORE = SHOW | BIT(DUMP) | BIT(DB) | BIT(EXPLAIN) | BIT(GRAPH) | BIT(CONTRACT) | BIT(MODELS),
  ANALYSIS = WHOLE | BIT(LINK) | BIT(DUMP) | BIT(GRAPH) | BIT(CONTRACT) | BIT(MODELS),
  PROJECT = STORE | BIT(TU) | BIT(PLAN),
  ALL = ((1u << COMMAND_COUNT) - 1) & ~BIT(COMPLETIONS) & ~BIT(MANUAL) & ~BIT(VERSION),
};

#define GROUP(heading) {.kind = OPTION_GROUP, .help = heading}

#define FORMATS "text|sarif|json|gitlab|github|html|dot"

const OptionSpec option_table[] = {
    GROUP("Input"),
    {"compile-commands", 'p', ANYWHERE, OPTION_PATH, PROJECT, FIELD(database), "DIR|FILE", NULL,
     NULL, "the compile_commands.json, or its folder (searched upward and in build folders)"},
    {"db", 0, ANYWHERE, OPTION_PATH, STORE, FIELD(store), "FILE", NULL, NULL,
     "the database (.overstay/facts.db beside compile_commands.json)"},
    {"no-cache", 0, ANYWHERE, OPTION_SWITCH, WHOLE | BIT(LINK), FIELD(no_cache), NULL, NULL, NULL,
     "use no database: read everything, leave nothing"},

    {"query-driver", 0, ON_COMMAND_LINE, OPTION_LIST, PROJECT, FIELD(query_driver), "GLOB,...",
     NULL, NULL,
     "ask compilers outside of the tree whose absolute path fits, which folders they search for "
     "headers"},
    {"models", 0, IN_FILE, OPTION_PATHS, ANALYSIS | BIT(TU), FIELD(models), "FILE...", NULL, NULL,
     "more models than .overstay.model at the root of the project"},

    GROUP("Reports"),
    {"format", 'f', ANYWHERE, OPTION_WORD, SHOW, FIELD(format), "FORMAT", FORMATS, "text",
     "form of the report"},
    {"format", 'f', ON_COMMAND_LINE, OPTION_WORD, BIT(RULES), FIELD(format), "FORMAT", "text|json",
     "text", "form of the list"},
    {"format", 'f', ON_COMMAND_LINE, OPTION_WORD, BIT(CONTRACT), FIELD(format), "FORMAT",
     "text|json", "text", "form of the contract"},
    {"format", 'f', ON_COMMAND_LINE, OPTION_WORD, BIT(GRAPH), FIELD(format), "FORMAT",
     "dot|svg|json", "dot", "form of the picture"},
    {"output", 0, ON_COMMAND_LINE, OPTION_TEXT, BIT(GRAPH), FIELD(output), "FILE", NULL, NULL,
     "where the picture goes (stdout)"},
    {"output", 0, ON_COMMAND_LINE, OPTION_TEXT, BIT(TU), FIELD(output), "FILE", NULL, NULL,
     "the shard to write"},
    {"output", 0, ON_COMMAND_LINE, OPTION_TEXT, BIT(PLAN), FIELD(output), "FILE", NULL, NULL,
     "where the plan goes (stdout)"},
    {"output", 0, ON_COMMAND_LINE, OPTION_TEXT, BIT(DB), FIELD(output), "FILE", NULL, NULL,
     "where the export goes (stdout)"},
    {"output", 0, ON_COMMAND_LINE, OPTION_TEXT, SHOW, FIELD(output), "FILE", NULL, NULL,
     "where the report goes (stdout)"},
    {NULL, 'o', ON_COMMAND_LINE, OPTION_OUTPUT, SHOW, FIELD(outputs), "FORMAT=FILE", FORMATS, NULL,
     "one more report; can be repeated"},
    {"sarif-category", 0, ANYWHERE, OPTION_TEXT, SHOW, FIELD(sarif_category), "NAME", NULL, NULL,
     "in SARIF: tells apart several logs of one commit"},
    {"sarif-profile", 0, ANYWHERE, OPTION_CHOICE, SHOW, FIELD(sarif_profile), "NAME", "plain|azure",
     "plain", "in SARIF: what Azure DevOps wants to know of its pipeline, too"},
    {"confine", 0, ANYWHERE, OPTION_SWITCH, SHOW | BIT(EXPLAIN), FIELD(confine), NULL, NULL, NULL,
     "show no line of a file outside of the project, wherever links lead"},
    {"color", 0, ANYWHERE, OPTION_CHOICE, SHOW | BIT(EXPLAIN), FIELD(color), "WHEN",
     "auto|always|never", "auto", "colours in text"},
    {"reproducible", 0, ANYWHERE, OPTION_SWITCH, SHOW, FIELD(reproducible), NULL, NULL, NULL,
     "leave out times and machine names: equal input gives equal bytes"},

    {"propose", 0, ON_COMMAND_LINE, OPTION_SWITCH, BIT(MODELS), FIELD(propose), NULL, NULL, NULL,
     "lines for pairs of functions that no model describes, from how the program calls them"},

    GROUP("Which findings"),
    {"enable", 0, ANYWHERE, OPTION_LIST, CHOOSE, FIELD(enable), "RULE,...", NULL, NULL,
     "these rules, too"},
    {"disable", 0, ANYWHERE, OPTION_LIST, CHOOSE, FIELD(disable), "RULE,...", NULL, NULL,
     "not these rules"},
    {"only", 0, ANYWHERE, OPTION_LIST, CHOOSE, FIELD(only), "RULE,...", NULL, NULL,
     "these rules and no others"},
    {"all-rules", 0, ANYWHERE, OPTION_SWITCH, CHOOSE, FIELD(all_rules), NULL, NULL, NULL,
     "also the rules that are off"},
    {"min-confidence", 0, ANYWHERE, OPTION_CHOICE, SHOW, FIELD(min_confidence), "LEVEL",
     "info|possible|likely|certain", "likely", "leave out findings that are less sure"},
    {"min-severity", 0, ANYWHERE, OPTION_CHOICE, SHOW, FIELD(min_severity), "LEVEL",
     "note|warning|error", "note", "leave out findings that weigh less"},
    {"fail-on", 0, ANYWHERE, OPTION_CHOICE, SHOW, FIELD(fail_on), "LEVEL",
     "note|warning|error|never", "warning", "exit code 1 is for findings of this level or above"},

    GROUP("Stacks"),
    {"stack", 0, ANYWHERE, OPTION_LIST, ANALYSIS, FIELD(stack), "ROOT=SIZE,...", NULL, NULL,
     "the stack of main, or of the threads that run function ROOT: main=1M, worker=64K"},
    {"stack-usage", 0, ANYWHERE, OPTION_PATH, ANALYSIS, FIELD(stack_usage), "DIR", NULL, NULL,
     "take frames from the .su files in and below DIR, as -fstack-usage writes them"},
    {"platform", 0, ANYWHERE, OPTION_WORD, ANALYSIS, FIELD(platform), "NAME",
     "glibc|musl|macos|freebsd|windows", "glibc", "whose stacks threads get by default"},

    GROUP("What is new"),
    {"staged", 0, ON_COMMAND_LINE, OPTION_SWITCH, VIEWS, FIELD(staged), NULL, NULL, NULL,
     "check what is staged in git, and report what is new against HEAD"},
    {"new-from-rev", 0, ON_COMMAND_LINE, OPTION_TEXT, VIEWS, FIELD(new_from_rev), "REV", NULL, NULL,
     "report only what is new against this revision"},
    {"diff", 0, ON_COMMAND_LINE, OPTION_TEXT, VIEWS, FIELD(diff), "REV", NULL, NULL,
     "report only what lies on lines that changed since this revision"},

    {"baseline", 0, ANYWHERE, OPTION_PATH, SHOW, FIELD(baseline), "FILE", NULL, NULL,
     "findings that this file lists are known: they are marked, and only others decide about the "
     "exit code"},

    {"hook.missing-db", 0, IN_FILE, OPTION_CHOICE, VIEWS, FIELD(hook_missing), "WHAT", "fail|warn",
     "fail", "what --staged does when there is no database yet"},
    {"hook.partial", 0, IN_FILE, OPTION_CHOICE, VIEWS, FIELD(hook_partial), "WHAT", "pass|fail",
     "pass", "what --staged does when the time was up and nothing was found"},

    GROUP("Pieces"),
    {"shard", 0, ON_COMMAND_LINE, OPTION_TEXT, BIT(TU), FIELD(shard), "I/N", NULL, NULL,
     "read the I-th of N parts of the units"},
    {"engine", 0, ON_COMMAND_LINE, OPTION_WORD, BIT(PLAN), FIELD(engine), "ENGINE",
     "ninja|parallel|shell|slurm", "shell", "what is to run the pieces"},
    {"shards", 0, ON_COMMAND_LINE, OPTION_COUNT, BIT(PLAN), FIELD(shards), "N", NULL, NULL,
     "how many pieces (one for 50 units)"},

    GROUP("The run"),
    {"jobs", 'j', ANYWHERE, OPTION_COUNT, RUN, FIELD(workers), "N", NULL, NULL,
     "worker processes (one a processor)"},
    {"tu-timeout", 0, ANYWHERE, OPTION_SECONDS, RUN, FIELD(unit_seconds), "TIME", NULL, "60s",
     "CPU time a unit may use; by the clock the same if it stands still, else 20 times that"},
    {"timeout", 0, ANYWHERE, OPTION_SECONDS, WHOLE, FIELD(seconds), "TIME", NULL, NULL,
     "begin to read no unit later than that; what is left is a gap in the result (10s for "
     "--staged)"},
    {"tu-memory", 0, ANYWHERE, OPTION_BYTES, RUN, FIELD(unit_bytes), "SIZE", NULL, "2G",
     "give up on a unit that needs more memory"},
    {"allow-partial", 0, ANYWHERE, OPTION_SWITCH, RUN | BIT(LINK), FIELD(allow_partial), NULL, NULL,
     NULL, "units that failed do not change the exit code"},

    {"no-pch", 0, ANYWHERE, OPTION_SWITCH, RUN, FIELD(no_pch), NULL, NULL, NULL,
     "parse every source from its first line on, also what many begin with"},
    {"verify-pch", 0, ON_COMMAND_LINE, OPTION_SWITCH, RUN, FIELD(verify_pch), NULL, NULL, NULL,
     "read all units in both ways, and fail (4) when one is not the same"},

    GROUP("Settings"),
    {"config", 0, ON_COMMAND_LINE, OPTION_TEXT, ALL, FIELD(config), "FILE", NULL, NULL,
     "read settings from FILE (.overstay.ini here or above, up to the first .git)"},
    {"no-config", 0, ON_COMMAND_LINE, OPTION_SWITCH, ALL, FIELD(no_config), NULL, NULL, NULL,
     "read settings from no file"},

    GROUP("What it says meanwhile"),
    {"progress", 0, ANYWHERE, OPTION_CHOICE, RUN, FIELD(progress), "WHEN", "auto|always|never",
     "auto", "a line on stderr that counts the units"},
    {"stats", 0, ANYWHERE, OPTION_SWITCH, SHOW, FIELD(stats), NULL, NULL, NULL,
     "also say on stderr where the time went and what was not looked at"},
    {"quiet", 'q', ANYWHERE, OPTION_SWITCH, ALL, FIELD(quiet), NULL, NULL, NULL,
     "nothing on stderr but warnings and errors"},
};

const size_t option_count = sizeof option_table / sizeof *option_table;

const CommandSpec command_table[COMMAND_COUNT] = {
    [COMMAND_CHECK] = {"check", "[OPTION...] [PATH...]", 0, ~0u,
                       "read what changed, analyse, report; PATHs narrow the report"},
    [COMMAND_REPORT] = {"report", "[OPTION...] [PATH...]", 0, ~0u,
                        "the last run again, from the database"},
    [COMMAND_RULES] = {"rules", "[--format json]", 0, 0, "list the rules"},
    [COMMAND_EXPLAIN] = {"explain", "RULE|FILE[:LINE]|FINGERPRINT|FUNCTION", 1, 1,
                         "the page of a rule; all about one finding of the last run; how often a "
                         "function runs, and why"},
    [COMMAND_GRAPH] =
        {"graph", "threads|stack|calls|locks", 1, 1,
         "a picture of the whole program: where each thread is created and how often, and who "
         "joins or detaches it, or nobody; the deepest chain of calls on each stack; the cycles of "
         "calls that nothing bounds; in which order locks are taken, and the circles in it"},
    [COMMAND_CONTRACT] = {"contract", "FUNCTION", 1, 1,
                          "what whoever calls a function has to know: locks, threads, where it may "
                          "wait, its stack"},
    [COMMAND_MODELS] = {"models", "[FUNCTION | --propose]", 0, 1,
                        "which line of a model governs a function, or each that the program calls; "
                        "lines for functions that none describes"},
    [COMMAND_DUMP] = {"dump", "ir|cfg|summary|runs|frames|waits FILE[:FUNCTION]", 2, 2,
                      "what the checker made of a file, from the database"},
    [COMMAND_DB] = {"db", "info|check|gc|export", 1, 1,
                    "what the database holds; is it sound; make it small; when findings were seen"},
    [COMMAND_TU] = {"tu", "--shard I/N --output FILE", 0, 0,
                    "read a part of the units into a file, for link"},
    [COMMAND_LINK] = {"link", "[OPTION...] FILE...", 1, ~0u,
                      "analyse and report what all the parts hold: check, but for the reading"},
    [COMMAND_PLAN] = {"plan", "--engine ENGINE", 0, 0, "write how an engine runs tu and link"},
    [COMMAND_BASELINE] =
        {"baseline", "write|check [OPTION...]", 1, ~0u,
         "keep the findings of now in .overstay-baseline.jsonl; check with that file "
         "as --baseline"},
    [COMMAND_CONFIG] = {"config", "[OPTION...]", 0, 0,
                        "every setting of check, its value, and where that comes from"},
    [COMMAND_COMPLETIONS] = {"completions", "bash|zsh|fish", 1, 1,
                             "what a shell needs to complete our command line"},
    [COMMAND_VERSION] = {"version", "", 0, 0, "which version this is, and of what it is made"},
    [COMMAND_MANUAL] = {"manual", "", 0, 0, "the manual page, as roff"},
};
