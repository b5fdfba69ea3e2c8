package main

import (
	"fmt"
	"io"
	"reflect"
	"runtime/debug"
	"sort"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// writePatchSchema writes crates/skeg-kubernetes/src/patch/schema.txt: which lists of Kubernetes' types are merged.
func writePatchSchema(out io.Writer) {
	known := native.AllKnownTypes()
	kinds := map[string]reflect.Type{}
	for kind, typ := range known {
		field, found := typ.FieldByName("ObjectMeta")
		if found && field.Type == reflect.TypeFor[metav1.ObjectMeta]() && kind.Version != runtime.APIVersionInternal {
			kinds[kindText(kind)] = typ
		}
	}
	names := []string{}
	for name := range kinds {
		names = append(names, name)
	}
	sort.Strings(names)
	types := &patchTypes{numbers: map[string]int{}, seen: map[reflect.Type]int{}}
	fmt.Fprintf(out, "# Written by `cargo xtask codegen --patch-schema` out of %s.\n", strings.Join(modules(), ", "))
	fmt.Fprintln(out, "# First, kinds: group, version, kind, number of the type. Then, types, from number 0 on: name, members.")
	fmt.Fprintln(out, "# A member is the number of a type, `[` a list, `{` a map; then `:` how and `@` by which key it is merged.")
	for _, name := range names {
		fmt.Fprintf(out, "%s %d\n", name, types.add(kinds[name]))
	}
	fmt.Fprintln(out)
	for _, line := range types.lines {
		fmt.Fprintln(out, line)
	}
}

// modules are those that the types are of, with versions.
func modules() []string {
	info, _ := debug.ReadBuildInfo()
	found := []string{}
	for _, module := range info.Deps {
		switch module.Path {
		case "k8s.io/api", "k8s.io/apiextensions-apiserver", "k8s.io/apimachinery":
			found = append(found, module.Path+" "+module.Version)
		}
	}
	return found
}

func kindText(kind schema.GroupVersionKind) string {
	group := kind.Group
	if group == "" {
		group = "-"
	}
	return group + " " + kind.Version + " " + kind.Kind
}

// patchTypes numbers Go's types.
type patchTypes struct {
	lines   []string
	numbers map[string]int
	seen    map[reflect.Type]int
}

// add is the number of a struct. Two structs that say the same have one number, unless they contain themselves.
func (p *patchTypes) add(typ reflect.Type) int {
	if number, found := p.seen[typ]; found {
		return number
	}
	recursive := contains(typ, typ, map[reflect.Type]bool{})
	if recursive {
		p.seen[typ] = len(p.lines)
		p.lines = append(p.lines, "")
	}
	fields := []string{}
	p.fields(typ, &fields)
	sort.Strings(fields)
	line := strings.Join(append([]string{typ.Name()}, fields...), " ")
	if recursive {
		p.lines[p.seen[typ]] = line
		return p.seen[typ]
	}
	number, found := p.numbers[line]
	if !found {
		number = len(p.lines)
		p.numbers[line] = number
		p.lines = append(p.lines, line)
	}
	p.seen[typ] = number
	return number
}

// contains is whether a value of a type may be somewhere in a value of another.
func contains(in, typ reflect.Type, visited map[reflect.Type]bool) bool {
	switch in.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return in.Elem() == typ || contains(in.Elem(), typ, visited)
	case reflect.Struct:
		if visited[in] {
			return false
		}
		visited[in] = true
		for i := range in.NumField() {
			if field := in.Field(i).Type; field == typ || contains(field, typ, visited) {
				return true
			}
		}
	}
	return false
}

// fields are the members of a struct that are maps or lists, those of embedded structs too.
func (p *patchTypes) fields(typ reflect.Type, fields *[]string) {
	for i := range typ.NumField() {
		field := typ.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" && !field.Anonymous {
			name = field.Name
		}
		inner := field.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case name == "-" || field.PkgPath != "":
		case name == "" && field.Anonymous && inner.Kind() == reflect.Struct:
			p.fields(inner, fields)
		default:
			if text := p.field(inner); text != "" {
				*fields = append(*fields, name+"="+text+strategies(field))
			}
		}
	}
}

func strategies(field reflect.StructField) string {
	text := ""
	if strategy := field.Tag.Get("patchStrategy"); strategy != "" {
		text += ":" + strategy
	}
	if key := field.Tag.Get("patchMergeKey"); key != "" {
		text += "@" + key
	}
	return text
}

func (p *patchTypes) field(typ reflect.Type) string {
	switch typ.Kind() {
	case reflect.Struct:
		return fmt.Sprint(p.add(typ))
	case reflect.Map:
		return "{"
	case reflect.Slice:
		elem := typ.Elem()
		if elem.Kind() == reflect.Pointer {
			elem = elem.Elem()
		}
		switch elem.Kind() {
		case reflect.Uint8:
			return ""
		case reflect.Struct:
			return "[" + fmt.Sprint(p.add(elem))
		}
		return "["
	}
	return ""
}
