package httpserver

import (
	"fmt"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Samples of what has no example of its own.
const (
	sampleID   = "8c1b6e2f-0f3c-7d51-9a63-c1f2e3a4b5c6"
	sampleTime = "2026-05-15T15:00:00-06:00"
	sampleDay  = "2026-05-15"
	sampleURL  = "https://meet.google.com/abc-defg-hij"
	sampleMail = "ana@example.com"
)

// sampleOf is a value to send for a parameter: its example, else its default, else one that its name suggests.
func sampleOf(p *huma.Param) string {
	switch {
	case p.Example != nil:
		return fmt.Sprint(p.Example)
	case p.Schema == nil:
		return ""
	case len(p.Schema.Examples) > 0:
		return fmt.Sprint(p.Schema.Examples[0])
	case p.Schema.Default != nil:
		return fmt.Sprint(p.Schema.Default)
	case p.In == "path":
		return fmt.Sprint(named(p.Name, p.Schema))
	default:
		return ""
	}
}

// A sampler makes values of schemas: their examples where there are some, else the simplest that have the type.
type sampler struct {
	schemas huma.Registry
	whole   bool // with every field, as an answer has; a request goes without the optional ones that would say nothing
}

// sample makes a value of the schema of a field.
func (s sampler) sample(field string, schema *huma.Schema, depth int) any {
	if schema != nil && schema.Ref != "" {
		schema = s.schemas.SchemaFromRef(schema.Ref)
	}
	switch {
	case schema == nil || depth > 8: // a type that holds itself ends somewhere
		return nil
	case len(schema.Examples) > 0:
		return schema.Examples[0]
	case schema.Default != nil:
		return schema.Default
	case len(schema.Enum) > 0:
		return schema.Enum[0]
	case len(schema.OneOf) > 0:
		return s.sample(field, schema.OneOf[0], depth)
	case len(schema.AnyOf) > 0:
		return s.sample(field, schema.AnyOf[0], depth)
	}
	switch schema.Type {
	case huma.TypeObject:
		return s.object(schema, depth)
	case huma.TypeArray:
		return []any{s.sample(field, schema.Items, depth+1)}
	case huma.TypeInteger, huma.TypeNumber:
		return max(0, lowest(schema))
	case huma.TypeBoolean:
		return false
	case huma.TypeString:
		return s.text(field, schema)
	case "": // anything
		return map[string]any{}
	default:
		return nil
	}
}

func (s sampler) object(schema *huma.Schema, depth int) map[string]any {
	object := map[string]any{}
	for name, p := range schema.Properties {
		if v := s.sample(name, p, depth+1); s.whole || slices.Contains(schema.Required, name) || !isBlank(v) {
			object[name] = v
		}
	}
	if values, ok := schema.AdditionalProperties.(*huma.Schema); ok && len(schema.Properties) == 0 {
		object["key"] = s.sample("", values, depth+1)
	}
	return object
}

// text is a string that a field may hold. What may be null and suggests nothing is null.
func (s sampler) text(field string, schema *huma.Schema) any {
	if !s.whole {
		return ""
	}
	v := named(field, schema)
	if v == "" && schema.Nullable {
		return nil
	}
	return v
}

// named is what the name or the format of a field suggests.
func named(field string, schema *huma.Schema) any {
	name := strings.ToLower(field)
	switch {
	case schema.Format == "date-time":
		return sampleTime
	case schema.Format == "date":
		return sampleDay
	case schema.Format == "email" || strings.HasSuffix(name, "email"):
		return sampleMail
	case schema.Format == "uri" || strings.HasSuffix(name, "url"):
		return sampleURL
	case name == "id" || strings.HasSuffix(field, "Id") || strings.HasSuffix(field, "_id"):
		return sampleID
	default:
		return ""
	}
}

func lowest(schema *huma.Schema) float64 {
	if schema.Minimum == nil {
		return 0
	}
	return *schema.Minimum
}

// isBlank tells a sample that says nothing, which an optional field goes without.
func isBlank(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 1 && isBlank(v[0])
	case float64:
		return v == 0
	default:
		return v == nil || v == "" || v == false
	}
}
