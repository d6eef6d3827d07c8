package agents

import (
	"embed"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// The instructions that come with the product, one file an agent, named by its key.
//
//go:embed instructions/*.md
var instructions embed.FS

// EvaluatorKey returns the key of the evaluator of a type of meeting, or of a stage where there is one.
func EvaluatorKey(t MeetingType, s Subtype) Key {
	if s != "" {
		return Key("evaluador_" + string(s))
	}
	return Key("evaluador_" + string(t))
}

// Defaults returns the agents that every workspace has, as they come with the product, in the order of lists: the
// evaluators of sales in funnel order, those of other meetings, then the follow-up agents.
func Defaults(ws kernel.WorkspaceID, now time.Time) []Agent {
	var list []Agent
	add := func(a Agent) {
		a.Workspace, a.Version, a.Active, a.Position = ws, 1, true, len(list)+1
		a.Instructions, a.CreatedAt, a.UpdatedAt = instructionsOf(a.Key), now, now
		list = append(list, a)
	}
	for _, s := range Subtypes() {
		add(Agent{
			Key: EvaluatorKey(Sales, s), Kind: Evaluator, DisplayName: "Evaluador de " + strings.ToLower(s.Label()),
			MeetingTypes: []MeetingType{Sales}, Subtype: s,
		})
	}
	for _, t := range MeetingTypes()[1:] {
		add(Agent{Key: EvaluatorKey(t, ""), Kind: Evaluator, DisplayName: evaluatorNames[t], MeetingTypes: []MeetingType{t}})
	}
	add(Agent{Key: "seguimiento_general", Kind: FollowUp, DisplayName: "Seguimiento", SuggestedQuestions: []string{
		"¿Qué compromisos quedaron pendientes y de quién son?", "Resume la reunión en cinco puntos",
		"¿Qué dudas quedaron sin responder?", "¿Qué debería hacer ahora?",
	}})
	add(Agent{Key: "coach_ventas", Kind: FollowUp, DisplayName: "Coach de ventas", MeetingTypes: []MeetingType{Sales}, SuggestedQuestions: []string{
		"¿Qué es lo que más debo mejorar?", "¿Cómo pude responder mejor a las objeciones?",
		"¿Qué preguntas me faltó hacer?", "Prepárame para la siguiente llamada con este cliente",
	}})
	add(Agent{Key: "correo_seguimiento", Kind: FollowUp, DisplayName: "Correo de seguimiento", MeetingTypes: []MeetingType{Sales}, SuggestedQuestions: []string{
		"Redacta el correo de seguimiento", "Hazlo más breve", "Escríbelo más formal",
	}})
	return list
}

// DefaultKeys returns the keys of Defaults.
func DefaultKeys() []Key {
	var keys []Key
	for _, a := range Defaults("", time.Time{}) {
		keys = append(keys, a.Key)
	}
	return keys
}

// IsDefault reports whether every workspace has an agent of that key.
func IsDefault(key Key) bool { return instructionsOf(key) != "" }

var evaluatorNames = map[MeetingType]string{
	General: "Evaluador general", Standup: "Evaluador de seguimiento diario", Technical: "Evaluador técnico",
	Documentation: "Evaluador de documentación", Planning: "Evaluador de planificación",
}

// instructionsOf returns what an agent that comes with the product is told, "" for any other.
func instructionsOf(key Key) string {
	text, err := instructions.ReadFile("instructions/" + string(key) + ".md")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
