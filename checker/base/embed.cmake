# Writes embedded.c: text files as C arrays. Runs as a script:
#   cmake -DOUTPUT=embedded.c -DMODELS=a|b -DPAGES=c|d -DSCHEMA=e -DSTYLE=f -DPICTURE_STYLE=g
#         -P embed.cmake
# Character constants instead of string literals: no escaping rules, no length limit of literals.
function(embed_array path declaration)
  file(READ ${path} hex HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," characters "${hex}")
  string(REGEX REPLACE "((.......){14})" "\\1\n  " characters "${characters}")
  file(APPEND ${OUTPUT}.new "${declaration} = {\n  ${characters}0};\n\n")
endfunction()

# A table of {name, text}: `keep_extension` says whether "pthread.model" or "lock-leak" is the name.
function(embed_table files type table count keep_extension)
  string(REPLACE "|" ";" files "${files}")
  set(rows "")
  set(number 0)
  foreach(path IN LISTS files)
    if(keep_extension)
      get_filename_component(name ${path} NAME)
    else()
      get_filename_component(name ${path} NAME_WE)
    endif()
    embed_array(${path} "static const char ${table}_${number}[]")
    string(APPEND rows "  {\"${name}\", ${table}_${number}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  # The closing row keeps an empty table valid C; it is not counted.
  file(APPEND ${OUTPUT}.new "const ${type} ${table}[] = {\n${rows}  {0, 0},\n};\n")
  file(APPEND ${OUTPUT}.new "const size_t ${count} = ${number};\n\n")
endfunction()

file(WRITE ${OUTPUT}.new "/* Made by checker/base/embed.cmake. */\n"
     "#include \"base/embedded.h\"\n#include \"html/embedded.h\"\n#include \"picture/embedded.h\"\n#include \"model/model.h\"\n\n")
embed_table("${MODELS}" ModelSource embedded_models embedded_model_count TRUE)
embed_table("${PAGES}" EmbeddedText embedded_rule_pages embedded_rule_page_count FALSE)
if(SCHEMA)
  embed_array(${SCHEMA} "const char embedded_schema[]")
else()
  file(APPEND ${OUTPUT}.new "const char embedded_schema[] = {0};\n")
endif()
embed_array(${STYLE} "const char embedded_style[]")
embed_array(${PICTURE_STYLE} "const char embedded_picture_style[]")
file(RENAME ${OUTPUT}.new ${OUTPUT})
