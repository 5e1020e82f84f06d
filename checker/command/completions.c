/* completions.c - `overstay completions bash|zsh|fish`: scripts that know the option table, so a
 * new option is completed without a change here.
 *
 * All three get the same answers to two questions: which options has this command, and what can
 * stand after this one. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/message.h"
#include "cli/outputs.h"
#include "command/commands.h"
#include "run/selection.h"

typedef enum { ANSWER_NONE, ANSWER_WORDS, ANSWER_FILES, ANSWER_FOLDERS, ANSWER_RULES } AnswerKind;

typedef struct {
  AnswerKind kind;
  const char *words; // separated by blanks
} Answer;

static const char *spaced(Arena *arena, const char *choices) {
  char *words = arena_printf(arena, "%s", choices);
  for (char *c = words; *c; c++)
    *c = *c == '|' ? ' ' : *c;
  return words;
}

static Answer answer_of(Arena *arena, const char *meta, const char *choices) {
  if (choices)
    return (Answer){ANSWER_WORDS, spaced(arena, choices)};
  if (!strncmp(meta, "RULE", 4))
    return (Answer){.kind = ANSWER_RULES};
  if (!strcmp(meta, "DIR"))
    return (Answer){.kind = ANSWER_FOLDERS};
  return (Answer){.kind =
                      strstr(meta, "FILE") || strstr(meta, "PATH") ? ANSWER_FILES : ANSWER_NONE};
}

/* What the arguments of a command can be, from its synopsis: "threads|stack|calls", "[PATH...]". */
static Answer answer_of_arguments(Arena *arena, const CommandSpec *command) {
  size_t length = strcspn(command->arguments, " ");
  const char *first = arena_text_n(arena, command->arguments, length);
  bool words = islower((unsigned char)first[0]) != 0;
  return answer_of(arena, command->arguments, words ? first : NULL);
}

static bool is_completed(const OptionSpec *spec, CommandId command) {
  return option_belongs(spec, command) && (spec->place & ON_COMMAND_LINE);
}

static const char *commands(Arena *arena) {
  const char *all = "help";
  for (CommandId i = 0; i < COMMANDS_SHOWN; i++)
    all = arena_printf(arena, "%s %s", all, command_table[i].name);
  return all;
}

static const char *rules(Arena *arena) {
  const Options none = {0};
  const RuleInfo *infos = selection_rules(arena, &none);
  const char *all = "";
  for (size_t i = 0; i < selection_rule_count(); i++)
    all = arena_printf(arena, "%s%s%s", all, *all ? " " : "", infos[i].id);
  return all;
}

/* ---- bash */

static const char *bash_answer(Arena *arena, Answer answer) {
  switch (answer.kind) {
  case ANSWER_WORDS:
    return arena_printf(arena, "_overstay_words '%s'", answer.words);
  case ANSWER_RULES:
    return "_overstay_list \"$rules\"";
  case ANSWER_FILES:
    return "_overstay_files -f";
  case ANSWER_FOLDERS:
    return "_overstay_files -d";
  case ANSWER_NONE:
    break;
  }
  return ":";
}

static void bash_values(Arena *arena, CommandId command) {
  printf("    %s)\n      case $before in\n", command_table[command].name);
  for (size_t i = 0; i < option_count; i++) {
    const OptionSpec *spec = &option_table[i];
    if (!is_completed(spec, command) || spec->kind == OPTION_SWITCH)
      continue;
    if (spec->letter)
      printf("        -%c%s", spec->letter, spec->name ? "|" : "");
    if (spec->name)
      printf("%s--%s", spec->letter ? "" : "        ", spec->name);
    printf(") %s; return ;;\n", bash_answer(arena, answer_of(arena, spec->value, spec->choices)));
  }
  printf("      esac\n      options='--help");
  for (size_t i = 0; i < option_count; i++)
    if (is_completed(&option_table[i], command)) {
      if (option_table[i].letter)
        printf(" -%c", option_table[i].letter);
      if (option_table[i].name)
        printf(" --%s", option_table[i].name);
    }
  printf("'\n      arguments=\"%s\" ;;\n",
         command == COMMAND_EXPLAIN
             ? "_overstay_words \\\"\\$rules\\\""
             : bash_answer(arena, answer_of_arguments(arena, &command_table[command])));
}

static void print_bash(Arena *arena) {
  printf(
      "# bash completion for overstay\n"
      "_overstay_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$word\"); }\n"
      "_overstay_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen "
      "\"$1\" -- \"$word\"); }\n"
      "# The last of A,B,C.\n"
      "_overstay_list() {\n"
      "  local begin=\"\"\n"
      "  case $word in *,*) begin=${word%%,*}, ;; esac\n"
      "  mapfile -t COMPREPLY < <(compgen -P \"$begin\" -W \"$1\" -- \"${word##*,}\")\n"
      "}\n"
      "_overstay() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  local rules='%s' options='' arguments=:\n"
      "  COMPREPLY=()\n"
      "  # --option=value is three words here.\n"
      "  [ \"$word\" = = ] && word=''\n"
      "  [ \"$before\" = = ] && [ \"$COMP_CWORD\" -ge 2 ] && before=${COMP_WORDS[COMP_CWORD-2]}\n"
      "  if [ \"$COMP_CWORD\" = 1 ]; then\n"
      "    _overstay_words '%s --help --version'\n"
      "    return\n"
      "  fi\n"
      "  case ${COMP_WORDS[1]} in\n",
      rules(arena), commands(arena));
  for (CommandId i = 0; i < COMMANDS_SHOWN; i++)
    bash_values(arena, i);
  printf("    help) arguments=\"_overstay_words '%s'\" ;;\n"
         "  esac\n"
         "  case $word in\n"
         "    -*) _overstay_words \"$options\" ;;\n"
         "    *) eval \"$arguments\" ;;\n"
         "  esac\n"
         "}\n"
         "complete -F _overstay overstay\n",
         commands(arena));
}

/* ---- zsh */

/* What stands in an _arguments specification, between single quotes: [help]. */
static const char *zsh_help(Arena *arena, const char *help) {
  ByteWriter out = {0};
  for (; *help; help++) {
    if (strchr("[]:\\", *help))
      bytes_put_u8(&out, '\\');
    bytes_put_raw(&out, *help == '\'' ? "'\\''" : help, *help == '\'' ? 4 : 1);
  }
  const char *text = arena_text_n(arena, (const char *)out.at, out.count);
  bytes_free(&out);
  return text;
}

static const char *zsh_answer(Arena *arena, Answer answer, bool list) {
  switch (answer.kind) {
  case ANSWER_WORDS:
    return arena_printf(arena, "(%s)", answer.words);
  case ANSWER_RULES:
    return list ? "_values -s , rule $rules" : "($rules)";
  case ANSWER_FILES:
    return "_files";
  case ANSWER_FOLDERS:
    return "_files -/";
  case ANSWER_NONE:
    break;
  }
  return "";
}

static void zsh_option(Arena *arena, const OptionSpec *spec) {
  const char *help = zsh_help(arena, spec->help);
  const char *answer = "";
  if (spec->kind != OPTION_SWITCH)
    answer = arena_printf(arena, ":%s:%s", zsh_help(arena, spec->value),
                          zsh_answer(arena, answer_of(arena, spec->value, spec->choices), true));
  if (spec->letter)
    printf("        '*-%c[%s]%s' \\\n", spec->letter, help, answer);
  if (spec->name)
    printf("        '*--%s%s[%s]%s' \\\n", spec->name, *answer ? "=" : "", help, answer);
}

static void print_zsh(Arena *arena) {
  printf("#compdef overstay\n"
         "_overstay() {\n"
         "  local -a rules commands\n"
         "  rules=(%s)\n"
         "  commands=(\n",
         rules(arena));
  for (CommandId i = 0; i < COMMANDS_SHOWN; i++)
    printf("    '%s:%s'\n", command_table[i].name, zsh_help(arena, command_table[i].help));
  printf("    'help:what a command does'\n"
         "  )\n"
         "  if (( CURRENT == 2 )); then\n"
         "    _describe command commands\n"
         "    _values option --help --version\n"
         "    return\n"
         "  fi\n"
         "  local command=$words[2]\n"
         "  shift words\n"
         "  (( CURRENT-- ))\n"
         "  case $command in\n");
  for (CommandId i = 0; i < COMMANDS_SHOWN; i++) {
    printf("    %s)\n      _arguments \\\n        '--help[what it does]' \\\n",
           command_table[i].name);
    for (size_t k = 0; k < option_count; k++)
      if (is_completed(&option_table[k], i))
        zsh_option(arena, &option_table[k]);
    printf("        '*:argument:%s' ;;\n",
           zsh_answer(arena, answer_of_arguments(arena, &command_table[i]), false));
  }
  printf("    help) _describe command commands ;;\n"
         "  esac\n"
         "}\n"
         "if [[ ${funcstack[1]} == _overstay ]]; then\n"
         "  _overstay \"$@\"\n"
         "else\n"
         "  compdef _overstay overstay\n"
         "fi\n");
}

/* ---- fish */

static const char *fish_quoted(Arena *arena, const char *text) {
  ByteWriter out = {0};
  for (; *text; text++) {
    if (*text == '\'' || *text == '\\')
      bytes_put_u8(&out, '\\');
    bytes_put_u8(&out, (uint8_t)*text);
  }
  const char *copy = arena_text_n(arena, (const char *)out.at, out.count);
  bytes_free(&out);
  return copy;
}

static const char *fish_answer(Arena *arena, Answer answer) {
  switch (answer.kind) {
  case ANSWER_WORDS:
    return arena_printf(arena, " -f -a '%s'", answer.words);
  case ANSWER_RULES:
    return arena_printf(arena, " -f -a '%s'", rules(arena));
  case ANSWER_FILES:
    return " -F";
  case ANSWER_FOLDERS:
    return " -f -a '(__fish_complete_directories)'";
  case ANSWER_NONE:
    break;
  }
  return " -f";
}

static void fish_option(Arena *arena, const OptionSpec *spec, const char *command) {
  printf("complete -c overstay -n '__fish_seen_subcommand_from %s'", command);
  if (spec->letter)
    printf(" -s %c", spec->letter);
  if (spec->name)
    printf(" -l %s", spec->name);
  if (spec->kind != OPTION_SWITCH)
    printf(" -r%s", fish_answer(arena, answer_of(arena, spec->value, spec->choices)));
  printf(" -d '%s'\n", fish_quoted(arena, spec->help));
}

static void print_fish(Arena *arena) {
  printf("# fish completion for overstay\n"
         "complete -c overstay -n __fish_use_subcommand -f -l help -d 'what it does'\n"
         "complete -c overstay -n __fish_use_subcommand -f -l version -d 'which version it is'\n"
         "complete -c overstay -n '__fish_seen_subcommand_from help' -f -a '%s'\n",
         commands(arena));
  for (CommandId i = 0; i < COMMANDS_SHOWN; i++) {
    const CommandSpec *command = &command_table[i];
    printf("complete -c overstay -n __fish_use_subcommand -f -a %s -d '%s'\n", command->name,
           fish_quoted(arena, command->help));
    printf("complete -c overstay -n '__fish_seen_subcommand_from %s'%s\n", command->name,
           fish_answer(arena, answer_of_arguments(arena, command)));
    for (size_t k = 0; k < option_count; k++)
      if (is_completed(&option_table[k], i))
        fish_option(arena, &option_table[k], command->name);
  }
}

int command_completions(const Options *options) {
  const char *shell = options->arguments.at[0];
  Arena *arena = arena_new();
  if (!strcmp(shell, "bash"))
    print_bash(arena);
  else if (!strcmp(shell, "zsh"))
    print_zsh(arena);
  else if (!strcmp(shell, "fish"))
    print_fish(arena);
  else
    die(EXIT_USAGE, "completions: there are some for bash, zsh and fish, not for '%s'", shell);
  outputs_finish_stdout();
  arena_free(arena);
  return EXIT_CLEAN;
}
