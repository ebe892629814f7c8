# made from spec/ by tools/gen_docs.py
_doorward() {
    local current=${COMP_WORDS[COMP_CWORD]} options="" words=""
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "init import area site feature person review round unseen paper entries device serve doctor tls member grant account phone tube box lab card visit sweep refusal need street door household form verify forget backup restore export dispose certificate match simulate demo version --help --version" -- "$current")
        return
    fi
    case "${COMP_WORDS[1]}" in
    import) words="map list undo batches results" ;;
    site) words="show set" ;;
    area) words="keepers add set keep" ;;
    feature) words="list add end" ;;
    person) words="find merge unmerge add move leave" ;;
    review) words="list decide" ;;
    round) words="open status course missing people outside decide close measures" ;;
    paper) words="missing round ledger closing left" ;;
    entries) words="push show held apart decide" ;;
    device) words="add invite revoke list" ;;
    tls) words="init" ;;
    member) words="add list" ;;
    grant) words="give end emergency list" ;;
    account) words="add password disable link list" ;;
    phone) words="enrol pull visit round push show" ;;
    tube) words="open fill seal list result decide" ;;
    box) words="pack give take" ;;
    lab) words="status questions holds release" ;;
    card) words="print check key revoke" ;;
    sweep) words="status left" ;;
    refusal) words="list follow" ;;
    need) words="list raise close" ;;
    street) words="meet list" ;;
    door) words="add" ;;
    household) words="add" ;;
    form) words="fill show" ;;
    backup) words="verify" ;;
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
    "site show") options="" ;;
    "site set") options="--name --code" ;;
    "area keepers") options="" ;;
    "area add") options="--kind --parent --name --address --use --floors --geometry" ;;
    "area set") options="--name --address --use --floors --geometry" ;;
    "feature list") options="" ;;
    "feature add") options="--kind --code --name --from --to" ;;
    "feature end") options="" ;;
    "area keep") options="--name --phone" ;;
    "person find") options="--limit --reveal --reason" ;;
    "person merge") options="--reason" ;;
    "person unmerge") options="--reason" ;;
    "review list") options="--limit" ;;
    "review decide") options="--as" ;;
    "round open") options="--kind --freeze" ;;
    "round status") options="--round --buildings" ;;
    "round course") options="--round --area --step" ;;
    "round missing") options="--round --area --reason --format --out --limit --reveal --why" ;;
    "round people") options="--what --round --area" ;;
    "unseen") options="--lists --area --by --stratum --count --household --together --doors --missed --wrong --meets --pace --level --apart --bic" ;;
    "round outside") options="--round" ;;
    "round decide") options="--round --as --evidence" ;;
    "round close") options="--round --carry" ;;
    "paper missing") options="--round --area --per --out --reveal --reason" ;;
    "paper round") options="--round --area --out --reveal --reason" ;;
    "paper ledger") options="--area --out --reveal --reason" ;;
    "paper closing") options="--round --area --out --reveal --reason" ;;
    "entries push") options="" ;;
    "entries show") options="--from --limit" ;;
    "entries held") options="" ;;
    "entries apart") options="" ;;
    "entries decide") options="--as" ;;
    "device add") options="" ;;
    "serve") options="--listen --cert --key --no-tls --plain --public-url --oidc-issuer --oidc-name --oidc-client --oidc-secret-file --oidc-ca --app --metrics-listen --threads --user --no-confine --connections --calls --sign-ins --proxy --log --log-file --log-level --backup-dir --backup-every --backup-keep --backup-drill --passphrase-file" ;;
    "doctor") options="--deep --listen --cert --key --no-tls --public-url --oidc-issuer --oidc-name --oidc-client --oidc-secret-file --oidc-ca --app --connections --backup-dir --backup-every --passphrase-file" ;;
    "tls init") options="--plain-port" ;;
    "member add") options="--phone" ;;
    "member list") options="" ;;
    "grant give") options="--role --area --from --to --reason" ;;
    "grant end") options="--reason" ;;
    "grant emergency") options="--reason --minutes --area --end" ;;
    "grant list") options="" ;;
    "account add") options="--passphrase-file --no-password --key-file" ;;
    "account password") options="--passphrase-file --key-file" ;;
    "account disable") options="--enable" ;;
    "account link") options="--public-url --untie --minutes" ;;
    "account list") options="" ;;
    "device invite") options="--name --minutes --until" ;;
    "device revoke") options="--reason" ;;
    "device list") options="--silent" ;;
    "phone enrol") options="--dir --url --invite --ca" ;;
    "phone pull") options="--dir" ;;
    "phone visit") options="--dir --as --state --heads" ;;
    "phone round") options="--dir --percent --seed" ;;
    "phone push") options="--dir" ;;
    "phone show") options="--dir" ;;
    "tube open") options="--round --by --capacity --use" ;;
    "tube fill") options="--round --by" ;;
    "tube seal") options="--round --by" ;;
    "tube list") options="--round" ;;
    "tube result") options="--round --as --method" ;;
    "tube decide") options="--round --as --reason" ;;
    "box pack") options="--round --by" ;;
    "box give") options="--by --to" ;;
    "box take") options="--by --from" ;;
    "import results") options="--round --dry-run" ;;
    "lab status") options="--round" ;;
    "lab questions") options="--round" ;;
    "lab holds") options="" ;;
    "lab release") options="--as --reason" ;;
    "card print") options="--out --area --size --url --hotline --reissue --changed" ;;
    "card check") options="--key" ;;
    "card key") options="" ;;
    "card revoke") options="--reason" ;;
    "visit") options="--round --by --as --heads" ;;
    "sweep status") options="--round --area --buildings" ;;
    "sweep left") options="--round --area --limit" ;;
    "refusal list") options="--area" ;;
    "refusal follow") options="--by --as --next --note" ;;
    "need list") options="--area --what --all" ;;
    "need raise") options="--by --what --urgent --note" ;;
    "need close") options="--by --reason" ;;
    "street meet") options="--by --as --area --door --place --note" ;;
    "street list") options="--area --limit" ;;
    "door add") options="--by --kind --unit --floor --room --name" ;;
    "household add") options="--by --kind" ;;
    "person add") options="--by --round --door --household --name --doc --birth --sex --phone --relation --flags --note --how --even-so" ;;
    "person move") options="--by" ;;
    "person leave") options="--by --as" ;;
    "paper left") options="--round --area --per --out" ;;
    "form fill") options="--round --by" ;;
    "form show") options="--round" ;;
    "round measures") options="--round" ;;
    "verify") options="--rebuild" ;;
    "forget") options="--reason --yes" ;;
    "backup") options="--keys --forgotten --passphrase-file --key-file" ;;
    "backup verify") options="--passphrase-file --key-file" ;;
    "restore") options="--keys --drill --forgotten --passphrase-file --key-file" ;;
    "export") options="--reveal --reason" ;;
    "dispose") options="--certificate --reason --yes" ;;
    "certificate check") options="" ;;
    "match") options="--id --columns --repeats --once --truth --truth-column --out --threshold --seed --threads --memory" ;;
    "simulate village") options="--people --seed --dir" ;;
    "simulate round") options="--round --people --seed --dir --to --world --network" ;;
    "demo") options="--people --seed --dir --serve --listen --app" ;;
    "version") options="" ;;
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options --store --json --lang --config --quiet --at --help" -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -F _doorward doorward
