# libclang >= 17 (CINDEX_VERSION_MINOR 64: the C API learned operator kinds there), newest first.
# Debian installs each LLVM under /usr/lib/llvm-N; other systems have it in the default places.
if(OVERSTAY_LLVM_PREFIX)
  set(llvm_prefixes ${OVERSTAY_LLVM_PREFIX})
else()
  file(GLOB llvm_prefixes /usr/lib/llvm-[0-9]* /usr/lib64/llvm[0-9]* /opt/homebrew/opt/llvm*)
  list(SORT llvm_prefixes COMPARE NATURAL ORDER DESCENDING)
  list(APPEND llvm_prefixes /usr /usr/local)
endif()

foreach(prefix IN LISTS llvm_prefixes)
  set(index_header ${prefix}/include/clang-c/Index.h)
  if(NOT EXISTS ${index_header})
    continue()
  endif()
  file(STRINGS ${index_header} version_line REGEX "define CINDEX_VERSION_MINOR [0-9]+")
  string(REGEX MATCH "[0-9]+$" version_minor "${version_line}")
  if(version_minor LESS 64)
    continue()
  endif()
  unset(LIBCLANG_LIBRARY CACHE)
  find_library(LIBCLANG_LIBRARY clang PATHS ${prefix}/lib ${prefix}/lib64 NO_DEFAULT_PATH)
  if(prefix STREQUAL "/usr" AND NOT LIBCLANG_LIBRARY)
    find_library(LIBCLANG_LIBRARY clang)
  endif()
  if(LIBCLANG_LIBRARY)
    set(LIBCLANG_INCLUDE_DIR ${prefix}/include)
    set(LIBCLANG_PREFIX ${prefix})
    break()
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibClang
  REQUIRED_VARS LIBCLANG_LIBRARY LIBCLANG_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "libclang 17 or newer is needed (Debian: apt-get install libclang-19-dev)")

if(LibClang_FOUND AND NOT TARGET LibClang::LibClang)
  add_library(LibClang::LibClang UNKNOWN IMPORTED)
  set_target_properties(LibClang::LibClang PROPERTIES
    IMPORTED_LOCATION ${LIBCLANG_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${LIBCLANG_INCLUDE_DIR})
endif()
