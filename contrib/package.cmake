# What is installed, and the packages that are made of it: `cmake --install build/release`, and in
# build/release `cpack` for a DEB and a TGZ. The manual page and the completions are what the program
# itself says of its options, so it has to run where it is built.
include(GNUInstallDirs)

set(pages ${CMAKE_BINARY_DIR}/pages)
set(page_files ${pages}/overstay.1 ${pages}/overstay.bash ${pages}/_overstay ${pages}/overstay.fish)
add_custom_command(
  OUTPUT ${page_files}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${pages}
  COMMAND overstay manual > ${pages}/overstay.1
  COMMAND overstay completions bash > ${pages}/overstay.bash
  COMMAND overstay completions zsh > ${pages}/_overstay
  COMMAND overstay completions fish > ${pages}/overstay.fish
  DEPENDS overstay
  VERBATIM)
find_program(gzip_program gzip)
if(gzip_program)
  add_custom_command(
    OUTPUT ${pages}/overstay.1.gz ${pages}/changelog.gz
    COMMAND gzip -9nc ${pages}/overstay.1 > ${pages}/overstay.1.gz
    COMMAND gzip -9nc ${pages}/changelog > ${pages}/changelog.gz
    DEPENDS ${page_files} ${pages}/changelog
    VERBATIM)
  list(APPEND page_files ${pages}/overstay.1.gz ${pages}/changelog.gz)
  set(manual ${pages}/overstay.1.gz)
else()
  set(manual ${pages}/overstay.1)
endif()

# Debian wants a changelog in its own form, and to know who answers for a package; its tools read that
# from the same variables.
set(maintainer "unknown <unknown@unknown.invalid>")
if(DEFINED ENV{DEBEMAIL})
  set(maintainer "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
endif()
set(OVERSTAY_MAINTAINER ${maintainer} CACHE STRING "who answers for a package: NAME <ADDRESS>")
file(TIMESTAMP CHANGES.md package_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(CONFIGURE OUTPUT ${pages}/changelog CONTENT "overstay (${PROJECT_VERSION}) unstable; urgency=medium

  * See /usr/share/doc/overstay/CHANGES.md.

 -- ${OVERSTAY_MAINTAINER}  ${package_date}
")
file(CONFIGURE OUTPUT ${pages}/copyright CONTENT
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: overstay

Files: *
Copyright: 2026 the authors of overstay
License: Apache-2.0
 On Debian systems the text of the Apache License 2.0 is in
 /usr/share/common-licenses/Apache-2.0.
")
add_custom_target(pages ALL DEPENDS ${page_files})

install(FILES ${manual} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${pages}/overstay.bash RENAME overstay
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${pages}/_overstay DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${pages}/overstay.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES README.md CHANGES.md ${pages}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(gzip_program)
  install(FILES ${pages}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs FILES_MATCHING PATTERN "*.md")
install(DIRECTORY contrib/vscode contrib/vim contrib/efm contrib/none-ls
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

set(CPACK_GENERATOR "DEB;TGZ")
set(CPACK_PACKAGE_NAME overstay)
set(CPACK_PACKAGE_VENDOR overstay)
set(CPACK_PACKAGE_CONTACT ${OVERSTAY_MAINTAINER})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "static checker for C that finds what stays too long")
set(CPACK_PACKAGE_DESCRIPTION
"Reads a whole C program through its compile_commands.json and reports locks
that are kept, threads that nobody joins, recursion that nothing bounds and
other things that stay too long, each with the path that leads there. Works in
a terminal, in a commit hook and in continuous integration (SARIF, HTML, JSON,
GitLab, GitHub).")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE ${OVERSTAY_URL})
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "git, pre-commit, bear")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# clang's own headers, which libclang needs to understand anything, are a package of their own.
if(LIBCLANG_PREFIX MATCHES "llvm-([0-9]+)$")
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libclang-common-${CMAKE_MATCH_1}-dev")
endif()
include(CPack)
