package httpserver

import (
	"fmt"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// sampleOf is a value to send for a parameter: its example, else its default.
func sampleOf(p *huma.Param) string {
	switch {
	case p.Example != nil:
		return fmt.Sprint(p.Example)
	case p.Schema != nil && len(p.Schema.Examples) > 0:
		return fmt.Sprint(p.Schema.Examples[0])
	case p.Schema != nil && p.Schema.Default != nil:
		return fmt.Sprint(p.Schema.Default)
	default:
		return ""
	}
}

// sample makes a value of a schema: its example where there is one, else the simplest that has its type.
func (a *API) sample(s *huma.Schema, depth int) any {
	if s != nil && s.Ref != "" {
		s = a.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	switch {
	case s == nil || depth > 6: // a type that holds itself ends somewhere
		return nil
	case len(s.Examples) > 0:
		return s.Examples[0]
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	}
	switch s.Type {
	case huma.TypeObject:
		object := map[string]any{}
		for name, p := range s.Properties {
			if v := a.sample(p, depth+1); slices.Contains(s.Required, name) || !isBlank(v) {
				object[name] = v
			}
		}
		return object
	case huma.TypeArray:
		return []any{a.sample(s.Items, depth+1)}
	case huma.TypeInteger, huma.TypeNumber:
		return 0
	case huma.TypeBoolean:
		return false
	case huma.TypeString:
		return ""
	default:
		return nil
	}
}

// isBlank tells a sample that says nothing, which an optional field goes without.
func isBlank(v any) bool {
	if m, ok := v.(map[string]any); ok {
		return len(m) == 0
	}
	return v == nil || v == "" || v == 0 || v == false
}
