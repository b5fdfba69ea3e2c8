# PowerShell completion for skeg

Register-ArgumentCompleter -Native -CommandName 'skeg' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text.Trim("'", '"') })
    $program = $words[0]
    $words = @($words | Select-Object -Skip 1)
    # Older versions drop empty arguments.
    if ($wordToComplete -eq '') { $words += '""' }
    $output = @(& $program @REQUEST@ @words 2>$null)
    if ($output.Count -eq 0) { return }
    $directive = [int]$output[-1].TrimStart(':')
    $space = if ($directive -band 2) { '' } else { ' ' }
    $output | Select-Object -SkipLast 1 | Where-Object { $_ } | ForEach-Object {
        $text, $description = $_ -split "`t", 2
        if (-not $description) { $description = $text }
        [System.Management.Automation.CompletionResult]::new("$text$space", $text, 'ParameterValue', $description)
    }
}
