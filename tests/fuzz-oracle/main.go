// Command fuzz-oracle answers what the Go libraries behind Helm do: `cargo xtask fuzz` asks it and compares.
//
// Each line of standard input is a request, a JSON object whose member "area" says what is asked. Each line of
// standard output is the answer to the request of the same number. With the argument "patch-schema" it writes the table
// of the types of Kubernetes instead: `cargo xtask codegen --patch-schema` asks for that.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// request is what Rust's side has made up.
type request map[string]json.RawMessage

// areas are what can be asked.
var areas = map[string]func(request) any{
	"fmt":            askFmt,
	"kstatus":        askKstatus,
	"legacy":         askLegacy,
	"managed-fields": askManagedFields,
	"merge-patch":    askMergePatch,
	"regexp":         askRegexp,
	"semver":         askSemver,
	"sort":           askSort,
	"strategic":      askStrategic,
	"strvals":        askStrvals,
	"table":          askTable,
	"templates":      askTemplate,
	"yaml-pretty":    askYAMLPretty,
	"yaml-print":     askYAMLPrint,
	"yaml-read":      askYAMLRead,
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "patch-schema" {
		writePatchSchema(os.Stdout)
		return
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			break
		}
		// An empty line asks for the answers so far.
		if len(bytes.TrimSpace(line)) == 0 {
			out.Flush()
			continue
		}
		write(out, answer(line))
	}
	out.Flush()
}

func write(out *bufio.Writer, value any) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// answer never panics: what a library panics with is its answer.
func answer(line []byte) (answer any) {
	defer func() {
		if problem := recover(); problem != nil {
			answer = map[string]any{"panic": text(fmt.Sprint(problem))}
		}
	}()
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return map[string]any{"refused": err.Error()}
	}
	ask, known := areas[asked.plain("area")]
	if !known {
		return map[string]any{"refused": "no such area"}
	}
	return ask(asked)
}

// ok is an answer without an error.
func ok(value any) any { return map[string]any{"ok": value} }

// failed is an answer that is an error.
func failed(err error) any { return map[string]any{"error": text(err.Error())} }

// plain is a member that is valid UTF-8.
func (r request) plain(name string) string {
	var value string
	if err := json.Unmarshal(r[name], &value); err != nil {
		panic(name + ": " + err.Error())
	}
	return value
}

// text is a member that may be any bytes.
func (r request) text(name string) string { return r.value(name).(string) }

// value is a member with a type of Go's.
func (r request) value(name string) any {
	value, err := decode(r[name])
	if err != nil {
		panic(name + ": " + err.Error())
	}
	return value
}
