// Package mcpserver offers operations of the API as tools of the Model Context Protocol (modelcontextprotocol.io), over its
// streamable HTTP transport. A tool call is a request to the same edge with the same credential: what a caller may not do
// there, a model that acts for the caller may not do here, and there is no second way to anything.
package mcpserver

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Tool offers one operation, by its ID, under a name for models.
type Tool struct {
	Name      string
	Operation string
	About     string   // what it is good for, and when to call it
	Omit      []string // fields of the answer that a model has no use for, or gets elsewhere
	Writes    bool     // it leaves something behind
}

// An operation is what a tool needs to know of the document's.
type operation struct {
	method, path string
	parameters   []parameter
	body         map[string]any // properties of a JSON body
	required     []string       // of the body
}

type parameter struct {
	Name        string         `json:"name"`
	In          string         `json:"in"`
	Required    bool           `json:"required"`
	Description string         `json:"description"`
	Schema      map[string]any `json:"schema"`
}

// operations reads the API's document, by operation ID.
func operations(document []byte) (map[string]operation, error) {
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string      `json:"operationId"`
			Parameters  []parameter `json:"parameters"`
			RequestBody struct {
				Content map[string]struct {
					Schema map[string]any `json:"schema"`
				} `json:"content"`
			} `json:"requestBody"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]map[string]any `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(document, &doc); err != nil {
		return nil, fmt.Errorf("read the document for tools: %w", err)
	}
	found := map[string]operation{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			o := operation{method: strings.ToUpper(method), path: path, parameters: op.Parameters}
			schema := op.RequestBody.Content["application/json"].Schema
			if ref, _ := schema["$ref"].(string); ref != "" {
				schema = doc.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]]
			}
			o.body, _ = schema["properties"].(map[string]any)
			if required, ok := schema["required"].([]any); ok {
				for _, name := range required {
					o.required = append(o.required, fmt.Sprint(name))
				}
			}
			found[op.OperationID] = o
		}
	}
	return found, nil
}

// arguments are the parameters that a model fills in: those of the path and the query, but for the caller's identity, which
// comes with the credential.
func (o operation) arguments() []parameter {
	return slices.DeleteFunc(slices.Clone(o.parameters), func(p parameter) bool {
		return p.In != "path" && p.In != "query" || p.Name == callerParameter
	})
}

// schema is the JSON schema of the tool's input. It goes without what the document's schemas refer to elsewhere.
func (o operation) schema() map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, p := range o.arguments() {
		property := map[string]any{"description": p.Description}
		for _, key := range []string{"type", "enum", "format", "minimum", "maximum", "default", "items"} {
			if value, ok := p.Schema[key]; ok {
				property[key] = value
			}
		}
		properties[p.Name] = property
		if p.In == "path" || p.Required {
			required = append(required, p.Name)
		}
	}
	maps.Copy(properties, o.body)
	for _, name := range o.required {
		if _, ok := o.body[name]; ok {
			required = append(required, name)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}
