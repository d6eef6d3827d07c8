package openai

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// schema is the part of JSON Schema that structured output takes. Properties keep their order: answers follow it.
type schema struct {
	Type                 oneOrMany          `json:"type"`
	Properties           properties         `json:"properties"`
	Required             []string           `json:"required"`
	AdditionalProperties json.RawMessage    `json:"additionalProperties"`
	Items                *schema            `json:"items"`
	AnyOf                []*schema          `json:"anyOf"`
	Enum                 []json.RawMessage  `json:"enum"`
	Const                json.RawMessage    `json:"const"`
	Ref                  string             `json:"$ref"`
	Defs                 map[string]*schema `json:"$defs"`
	Definitions          map[string]*schema `json:"definitions"`
	Minimum              *float64           `json:"minimum"`
	Maximum              *float64           `json:"maximum"`
	ExclusiveMinimum     *float64           `json:"exclusiveMinimum"`
	ExclusiveMaximum     *float64           `json:"exclusiveMaximum"`
	MultipleOf           *float64           `json:"multipleOf"`
	MinItems             int                `json:"minItems"`
	MaxItems             *int               `json:"maxItems"`
	MinLength            int                `json:"minLength"`
	MaxLength            *int               `json:"maxLength"`
	Pattern              string             `json:"pattern"`
	Format               string             `json:"format"`
}

// oneOrMany is the keyword type: a name or several.
type oneOrMany []string

func (t *oneOrMany) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(raw, []byte("[")) {
		return json.Unmarshal(raw, (*[]string)(t))
	}
	*t = make([]string, 1)
	return json.Unmarshal(raw, &(*t)[0])
}

// properties are the members of an object, in the order in which the schema names them.
type properties []property

type property struct {
	name string
	*schema
}

func (p *properties) UnmarshalJSON(raw []byte) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return fmt.Errorf("reading properties: not an object")
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		member := property{schema: &schema{}}
		member.name, _ = name.(string) // an object's keys are strings
		if err := dec.Decode(member.schema); err != nil {
			return err
		}
		*p = append(*p, member)
	}
	return nil
}

// kind is the type that a value gets: the first that is not null.
func (s *schema) kind() string {
	for _, name := range s.Type {
		if name != "null" {
			return name
		}
	}
	switch {
	case len(s.Type) > 0:
		return "null"
	case s.Properties != nil:
		return "object"
	case s.Items != nil:
		return "array"
	}
	return "string"
}

func (s *schema) nullable() bool {
	return slices.Contains(s.Type, "null") ||
		slices.ContainsFunc(s.AnyOf, func(branch *schema) bool { return branch.kind() == "null" })
}

// resolve follows a $ref inside the same document.
func (s *schema) resolve(root *schema) *schema {
	for range 32 { // a chain of references this long is a circle
		if s.Ref == "" {
			return s
		}
		name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		switch {
		case s.Ref == "#":
			s = root
		case root.Defs[name] != nil:
			s = root.Defs[name]
		case root.Definitions[name] != nil:
			s = root.Definitions[name]
		default:
			return &schema{}
		}
	}
	return &schema{}
}

// strictFault tells, in the vendor's words, why a schema cannot be used with strict:true; empty when it can.
func strictFault(root *schema) string {
	if root.kind() != "object" || len(root.AnyOf) > 0 {
		return fmt.Sprintf("schema must be a JSON Schema of 'type: \"object\"', got 'type: %q'.", root.kind())
	}
	return strictBelow(root, nil)
}

func strictBelow(s *schema, path []string) string {
	context := "In context=(" + strings.Join(path, ", ") + "), "
	at := func(steps ...string) []string { return slices.Concat(path, quoteAll(steps)) }
	if s.Ref == "" && s.kind() == "object" {
		if string(s.AdditionalProperties) != "false" {
			return context + "'additionalProperties' is required to be supplied and to be false."
		}
		for _, member := range s.Properties {
			if !slices.Contains(s.Required, member.name) {
				return context + "'required' is required to be supplied and to be an array including every key in properties. " +
					"Missing '" + member.name + "'."
			}
		}
		for _, name := range s.Required {
			if !slices.ContainsFunc(s.Properties, func(m property) bool { return m.name == name }) {
				return context + "'required' is required to be supplied and to be an array including every key in properties. " +
					"Extra required key '" + name + "' supplied."
			}
		}
	}
	if s.kind() == "array" && s.Items == nil {
		return context + "array schema missing items."
	}
	type child struct {
		steps  []string
		schema *schema
	}
	var below []child
	for _, member := range s.Properties {
		below = append(below, child{[]string{"properties", member.name}, member.schema})
	}
	for i, branch := range s.AnyOf {
		below = append(below, child{[]string{"anyOf", fmt.Sprint(i)}, branch})
	}
	for name, def := range s.Defs {
		below = append(below, child{[]string{"$defs", name}, def})
	}
	if s.Items != nil {
		below = append(below, child{[]string{"items"}, s.Items})
	}
	for _, c := range below {
		if fault := strictBelow(c.schema, at(c.steps...)); fault != "" {
			return fault
		}
	}
	return ""
}

func quoteAll(steps []string) []string {
	quoted := make([]string, len(steps))
	for i, step := range steps {
		quoted[i] = "'" + step + "'"
	}
	return quoted
}
