# bash completion for skeg

_skeg() {
    local line="${COMP_LINE:0:COMP_POINT}" current output directive lead="" candidate
    local -a words
    IFS=$' \t\n' read -ra words <<<"$line"
    [[ "$line" == *[[:space:]] ]] && words+=("")
    current="${words[${#words[@]} - 1]}"
    output="$("${words[0]}" __completeNoDesc "${words[@]:1}" 2>/dev/null)" || return 0
    directive="${output##*:}"
    output="${output%:*}"
    # bash takes `:` and `=` for the ends of words; what stands before the last of them is there already.
    [[ "$current" == *[:=]* ]] && lead="${current%"${current##*[:=]}"}"
    COMPREPLY=()
    while IFS= read -r candidate; do
        if [[ -n "$candidate" && "$candidate" == "$current"* ]]; then
            COMPREPLY+=("${candidate#"$lead"}")
        fi
    done <<<"$output"
    ((directive & 2)) && compopt -o nospace 2>/dev/null
    ((directive & 32)) && compopt -o nosort 2>/dev/null
    if ((!(directive & 4))); then
        compopt -o default 2>/dev/null
    fi
    return 0
}

complete -F _skeg skeg
