# made from spec/ by tools/gen_docs.py
_doorward() {
    local current=${COMP_WORDS[COMP_CWORD]} options="" words=""
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "init import area person review round entries verify forget backup restore export dispose certificate simulate demo version --help --version" -- "$current")
        return
    fi
    case "${COMP_WORDS[1]}" in
    import) words="map list undo batches" ;;
    area) words="keep" ;;
    person) words="find merge unmerge" ;;
    review) words="list decide" ;;
    round) words="open status missing decide close" ;;
    entries) words="push show held decide" ;;
    certificate) words="check" ;;
    simulate) words="village round" ;;
    esac
    if [ "$COMP_CWORD" -eq 2 ] && [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        return
    fi
    local command="${COMP_WORDS[1]}"
    [ -n "$words" ] && command="$command ${COMP_WORDS[2]}"
    case "$command" in
    "init") options="--name --code --synthetic" ;;
    "import map") options="--dry-run" ;;
    "import list") options="--as --columns --save-columns --load-columns --building --dry-run" ;;
    "import undo") options="--reason" ;;
    "import batches") options="" ;;
    "area") options="--depth" ;;
    "area keep") options="--name --phone" ;;
    "person find") options="--limit --reveal --reason" ;;
    "person merge") options="--reason" ;;
    "person unmerge") options="--reason" ;;
    "review list") options="--limit" ;;
    "review decide") options="--as" ;;
    "round open") options="--kind --freeze" ;;
    "round status") options="--round --buildings" ;;
    "round missing") options="--round --area --reason --format --out --limit --reveal --why" ;;
    "round decide") options="--round --as --evidence" ;;
    "round close") options="--round --carry" ;;
    "entries push") options="" ;;
    "entries show") options="--from --limit" ;;
    "entries held") options="" ;;
    "entries decide") options="--as" ;;
    "verify") options="--rebuild" ;;
    "forget") options="--reason --yes" ;;
    "backup") options="--keys --forgotten --passphrase-file --key-file" ;;
    "restore") options="--keys --forgotten --passphrase-file --key-file" ;;
    "export") options="--reveal --reason" ;;
    "dispose") options="--certificate --reason --yes" ;;
    "certificate check") options="" ;;
    "simulate village") options="--people --seed --dir" ;;
    "simulate round") options="--round --people --seed --dir --to" ;;
    "demo") options="--people --seed --dir" ;;
    "version") options="" ;;
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options --store --json --lang --quiet --at --help" -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -F _doorward doorward
