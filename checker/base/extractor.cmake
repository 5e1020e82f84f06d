# Writes extractor.c: one hash over the sources that decide what a parse gives. Runs as a script:
#   cmake -DOUTPUT=extractor.c "-DSOURCES=a|b" -P extractor.cmake
# A build whose engine or reports alone changed shares the parsed units of the build before it.
string(REPLACE "|" ";" SOURCES "${SOURCES}")
list(SORT SOURCES)
set(hashes "")
foreach(path IN LISTS SOURCES)
  file(SHA256 ${path} hash)
  get_filename_component(name ${path} NAME)
  string(APPEND hashes "${name} ${hash}\n")
endforeach()
string(SHA256 hash "${hashes}")
file(WRITE ${OUTPUT}.new "/* Made by checker/base/extractor.cmake. */\n"
     "#include \"base/embedded.h\"\n\nconst char embedded_extractor[] = \"${hash}\";\n")
file(RENAME ${OUTPUT}.new ${OUTPUT})
