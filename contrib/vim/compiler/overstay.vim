" overstay.vim - :compiler overstay | make puts the findings into the quickfix list.
" Copy it to ~/.vim/compiler/ (Vim) or ~/.config/nvim/compiler/ (Neovim).
if exists('current_compiler')
  finish
endif
let current_compiler = 'overstay'

let s:save = &cpoptions
set cpoptions&vim
if exists(':CompilerSet') != 2
  command -nargs=* CompilerSet setlocal <args>
endif

CompilerSet makeprg=overstay\ check\ -q\ --color\ never\ --progress\ never\ $*
CompilerSet errorformat=%f:%l:%c:\ %trror:\ %m,%f:%l:%c:\ %tarning:\ %m,%f:%l:%c:\ %tote:\ %m,%-G%.%#

let &cpoptions = s:save
unlet s:save
