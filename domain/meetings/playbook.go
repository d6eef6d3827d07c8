package meetings

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// PlaybookNotFound and VersionConflict are what reading and changing a playbook may fail with.
const (
	PlaybookNotFound fault.Code = "PLAYBOOK_NOT_FOUND"
	VersionConflict  fault.Code = "VERSION_CONFLICT" // params: version, the current one
)

// Playbook is what a workspace scores its sellers by: five dimensions of 0–20 points. A change is a new version; an
// analysis names the one it was made by.
type Playbook struct {
	Version    int // from FirstPlaybook
	Dimensions []PlaybookDimension
	EditedBy   kernel.RepID // "" for the one that every workspace starts with, and for a service's
	EditedAt   *time.Time   // nil for the one that every workspace starts with
}

// PlaybookDimension is one thing that sellers are scored on.
type PlaybookDimension struct {
	Key   Dimension `json:"key"`
	Label string    `json:"label"` // for people
	High  string    `json:"high"`  // what scores high
	Low   string    `json:"low"`   // what scores low
}

// FirstPlaybook is the version that every workspace starts with.
const FirstPlaybook = 1

// playbookSize is how many dimensions a playbook has: scores are 0–100, the sum of five times twenty points.
const playbookSize = 5

// DefaultPlaybook is what a workspace scores by until it has a playbook of its own.
func DefaultPlaybook() Playbook {
	return Playbook{Version: FirstPlaybook, Dimensions: []PlaybookDimension{
		{
			Discovery, "Descubrimiento", "pregunta y averigua necesidades, situación actual, presupuesto, quién decide y plazos.",
			"presenta sin preguntar, o da por sabido lo que el cliente necesita.",
		},
		{
			ValueProposition, "Propuesta de valor", "relaciona lo que ofrece con lo que el cliente dijo necesitar, con beneficios concretos.",
			"enumera funciones sin decir para qué le sirven a este cliente.",
		},
		{
			ObjectionHandled, "Manejo de objeciones", "escucha las objeciones, las aclara y las responde; sin objeciones, las anticipó.",
			"las ignora, las discute o las responde con evasivas.",
		},
		{
			Closing, "Cierre", "termina con un próximo paso concreto, con responsable y fecha, aceptado por el cliente.",
			"la reunión acaba sin acuerdo sobre qué sigue.",
		},
		{Communication, "Comunicación", "claridad, escucha, ritmo; deja hablar al cliente.", "monólogos, interrupciones o respuestas confusas."},
	}}
}

// Keys returns the keys of the dimensions, in their order.
func (p Playbook) Keys() []Dimension {
	keys := make([]Dimension, len(p.Dimensions))
	for i, d := range p.Dimensions {
		keys[i] = d.Key
	}
	return keys
}

// dimensionKey is what a key looks like: it names a property of the answer that a model gives.
var dimensionKey = regexp.MustCompile(`^[a-z][a-z0-9_]{1,39}$`)

const (
	maxLabel    = 80
	maxCriteria = 1000
)

// TidyDimensions returns dimensions without what nobody meant to type, or says what is wrong with them: there are five,
// with different keys, and each tells what scores high and what scores low. Invalid VALIDATION_ERROR.
func TidyDimensions(list []PlaybookDimension) ([]PlaybookDimension, error) {
	var f fault.Fields
	f.Require(len(list) == playbookSize, "dimensions", fault.BadFormat, "expected", "5 × {key, label, high, low}")
	tidy, seen := make([]PlaybookDimension, len(list)), map[Dimension]bool{}
	for i, d := range list {
		d = PlaybookDimension{Dimension(strings.TrimSpace(string(d.Key))), TidyText(d.Label), TidyText(d.High), TidyText(d.Low)}
		at := "dimensions[" + strconv.Itoa(i) + "]."
		f.Require(dimensionKey.MatchString(string(d.Key)), at+"key", fault.BadFormat, "expected", "manejo_objeciones")
		f.Require(!seen[d.Key], at+"key", fault.NotAllowed)
		seen[d.Key] = true
		checkText(&f, at+"label", d.Label, maxLabel)
		checkText(&f, at+"high", d.High, maxCriteria)
		checkText(&f, at+"low", d.Low, maxCriteria)
		tidy[i] = d
	}
	return tidy, f.Err()
}

func checkText(f *fault.Fields, path, text string, most int) {
	f.Require(text != "", path, fault.Required)
	f.Require(utf8.RuneCountInString(text) <= most, path, fault.TooLong, "max", strconv.Itoa(most))
}
