-- none-ls (null-ls) source for Neovim:  null_ls.register(require("overstay"))
-- The whole program is checked on save; what did not change is not read again.
local severities = { error = 1, warning = 2, note = 3 }

-- A line of the report, or nil: file, line, column, severity, message, rule.
local function parse(line)
  local file, row, column, severity, message, rule =
    line:match("^([^ ].-):(%d+):(%d+): (%a+): (.*) %[([%w-]+)%]$")
  if not severities[severity] then
    return nil
  end
  return {
    filename = file,
    row = tonumber(row),
    col = tonumber(column),
    severity = severities[severity],
    message = message,
    code = rule,
    source = "overstay",
  }
end

local found, null_ls = pcall(require, "null-ls")
if not found then
  return { parse = parse }
end
local helpers = require("null-ls.helpers")

return helpers.make_builtin({
  name = "overstay",
  method = null_ls.methods.DIAGNOSTICS_ON_SAVE,
  filetypes = { "c" },
  generator_opts = {
    command = "overstay",
    args = { "check", "-q", "--color", "never", "--progress", "never", "--fail-on", "never" },
    multiple_files = true,
    format = "line",
    on_output = parse,
  },
  factory = helpers.generator_factory,
})
