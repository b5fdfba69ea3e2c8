#compdef skeg
# zsh completion for skeg

_skeg() {
    local output directive line text description
    local -a lines candidates options
    output="$("${words[1]}" @REQUEST@ "${(@Q)words[2,CURRENT]}" 2>/dev/null)" || return 1
    lines=("${(@f)output}")
    directive="${lines[-1]#:}"
    lines[-1]=()
    for line in "${lines[@]}"; do
        [[ -z "$line" ]] && continue
        text="${line%%$'\t'*}"
        description=""
        [[ "$line" == *$'\t'* ]] && description=":${line#*$'\t'}"
        candidates+=("${text//:/\\:}${description}")
    done
    ((directive & 2)) && options+=(-S '')
    if ((${#candidates})); then
        if ((directive & 32)); then
            _describe -V 'completions' candidates "${options[@]}"
        else
            _describe 'completions' candidates "${options[@]}"
        fi
    fi
    if ((!(directive & 4))); then
        _files
    fi
}

if [[ "${funcstack[1]}" = "_skeg" ]]; then
    _skeg "$@"
else
    compdef _skeg skeg
fi
