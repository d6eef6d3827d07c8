package meetings

import (
	"encoding/json"
	"fmt"
	"strings"
)

// SchemaName names the schema in a model request.
func SchemaName(t Type) string {
	if t.IsSales() {
		return "sales_analysis"
	}
	return "meeting_analysis"
}

// SchemaFor is the JSON schema of what a model answers about a meeting of the type, in the strict subset of structured
// outputs: every property required, no others allowed, null where something may be missing. Reasons come before the
// numbers that rest on them, because a model writes in this order. A sale is scored in the playbook's dimensions.
func SchemaFor(t Type, p Playbook) json.RawMessage {
	shared := []property{
		{"summary", textSchema("Resumen de la reunión en uno o dos párrafos.")},
		{"action_items", listSchema("Compromisos que alguien asumió.", objectSchema(
			property{"text", textSchema("Qué hay que hacer.")},
			property{"owner", nullableSchema("Quién, con el nombre de la transcripción; null si no se dijo.")},
			property{"due", nullableSchema("Cuándo, con las palabras que se usaron; null si no se dijo.")},
		))},
	}
	if !t.IsSales() {
		return json.RawMessage(objectSchema(append(shared,
			property{"decisions", listSchema("Decisiones que se tomaron.", textSchema("Una decisión."))},
			property{"topics", listSchema("Temas que se trataron.", textSchema("Un tema."))},
		)...))
	}
	return json.RawMessage(objectSchema(append(shared,
		property{"key_objections", listSchema("Objeciones del cliente.", objectSchema(
			property{"objection", textSchema("La objeción.")},
			property{"response", textSchema("Lo que respondió el vendedor; vacío si no respondió.")},
			property{"handled", `{"type":"boolean","description":"Si la objeción quedó resuelta."}`},
		))},
		property{"opportunities", listSchema("Oportunidades de venta o de mejora.", textSchema("Una oportunidad."))},
		property{"next_steps", textSchema("Próximos pasos acordados; vacío si no hubo.")},
		property{"sales_subtype", enumSchema("Etapa del embudo a la que pertenece la reunión.", Subtypes()...)},
		property{"score_breakdown", objectSchema(
			property{"justifications", perDimension(p, objectSchema(
				property{"text", textSchema("Por qué esa puntuación.")},
				property{"quotes", listSchema("Citas literales de la transcripción, sin hora ni nombre.", textSchema("Una cita."))},
			))},
			property{"scores", perDimension(p, integerSchema("Puntos.", MaxDimension))},
			property{"meeting_type", enumSchema("Tipo de reunión.", t)},
		)},
		property{"sales_rep_score", integerSchema("La suma de las cinco dimensiones.", MaxScore)},
		property{"close_probability", integerSchema("Probabilidad de cierre, en porcentaje.", 100)},
	)...))
}

// property is a name and the schema of its value.
type property struct{ name, schema string }

func objectSchema(properties ...property) string {
	fields, names := make([]string, len(properties)), make([]string, len(properties))
	for i, p := range properties {
		names[i] = fmt.Sprintf("%q", p.name)
		fields[i] = names[i] + ":" + p.schema
	}
	return fmt.Sprintf(`{"type":"object","additionalProperties":false,"required":[%s],"properties":{%s}}`,
		strings.Join(names, ","), strings.Join(fields, ","))
}

func perDimension(p Playbook, schema string) string {
	var properties []property
	for _, d := range p.Dimensions {
		properties = append(properties, property{string(d.Key), schema})
	}
	return objectSchema(properties...)
}

func textSchema(description string) string {
	return fmt.Sprintf(`{"type":"string","description":%q}`, description)
}

func nullableSchema(description string) string {
	return fmt.Sprintf(`{"type":["string","null"],"description":%q}`, description)
}

func integerSchema(description string, maximum int) string {
	return fmt.Sprintf(`{"type":"integer","minimum":0,"maximum":%d,"description":%q}`, maximum, description)
}

func listSchema(description, items string) string {
	return fmt.Sprintf(`{"type":"array","description":%q,"items":%s}`, description, items)
}

func enumSchema[T ~string](description string, values ...T) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = fmt.Sprintf("%q", string(v))
	}
	return fmt.Sprintf(`{"type":"string","description":%q,"enum":[%s]}`, description, strings.Join(quoted, ","))
}
