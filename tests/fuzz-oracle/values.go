package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
)

// text writes a string: as it is, or as {"b64": "…"} where it is not UTF-8.
func text(s string) any {
	if utf8.ValidString(s) {
		return s
	}
	return map[string]any{"b64": base64.StdEncoding.EncodeToString([]byte(s))}
}

// decode reads a value with a type of Go's: {"int": "5"}, {"list": […]}, {"map": [["key", …]]}; strings, booleans
// and null as they are.
func decode(raw json.RawMessage) (any, error) {
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		return nil, err
	}
	return typed(plain)
}

func typed(plain any) (any, error) {
	object, isObject := plain.(map[string]any)
	if !isObject {
		return plain, nil
	}
	for name, inner := range object {
		switch inner := inner.(type) {
		case string:
			return scalar(name, inner)
		case []any:
			return collection(name, inner)
		}
	}
	return nil, errors.New("an object has one member")
}

func scalar(name, digits string) (any, error) {
	number, err := strconv.ParseInt(digits, 10, 64)
	switch name {
	case "b64":
		bytes, err := base64.StdEncoding.DecodeString(digits)
		return string(bytes), err
	case "bytes":
		return base64.StdEncoding.DecodeString(digits)
	case "int":
		return int(number), err
	case "int64":
		return number, err
	case "uint8":
		return uint8(number), err
	case "uint64":
		return strconv.ParseUint(digits, 10, 64)
	case "float64":
		bits, err := strconv.ParseUint(digits, 10, 64)
		return math.Float64frombits(bits), err
	}
	return nil, fmt.Errorf("no type is %s", name)
}

func collection(name string, inner []any) (any, error) {
	if name == "map" {
		entries := map[string]any{}
		for _, entry := range inner {
			pair := entry.([]any)
			key, err := typed(pair[0])
			if err != nil {
				return nil, err
			}
			if entries[key.(string)], err = typed(pair[1]); err != nil {
				return nil, err
			}
		}
		return entries, nil
	}
	items := make([]any, 0, len(inner))
	for _, item := range inner {
		value, err := typed(item)
		if err != nil {
			return nil, err
		}
		items = append(items, value)
	}
	if name == "list" {
		return items, nil
	}
	strings := make([]string, 0, len(items))
	for _, item := range items {
		strings = append(strings, item.(string))
	}
	return strings, nil
}
