# fish completion for skeg

function __skeg_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l output ($words[1] @REQUEST@ $words[2..-1] 2>/dev/null)
    or return
    set -l directive (string sub -s 2 -- $output[-1])
    set -e output[-1]
    if test (count $output) -gt 0
        printf '%s\n' $output
    else if test (math "floor($directive / 4) % 2") -eq 0
        __fish_complete_path (commandline -ct)
    end
end

complete -c skeg -e
complete -c skeg -k -f -a '(__skeg_complete)'
