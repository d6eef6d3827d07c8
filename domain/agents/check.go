package agents

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Ranges of the parameters, as the provider has them.
const (
	MaxTemperature = 2.0
	MaxTopP        = 1.0
)

// Wire names of what an admin writes, as errors name them.
const (
	fieldKey          = "key"
	fieldName         = "display_name"
	fieldInstructions = "instructions"
	fieldQuestions    = "suggested_questions"
	fieldTypes        = "meeting_types"
)

// keyForm is what a key looks like.
var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{1,49}$`)

// EvaluatorPrefix begins the keys of evaluators, which nobody else may have.
const EvaluatorPrefix = "evaluador_"

// Check returns an Invalid VALIDATION_ERROR with every field of the agent that breaks a rule.
func (a Agent) Check() error {
	var f fault.Fields
	f.Require(keyForm.MatchString(string(a.Key)), fieldKey, fault.BadFormat, "expected", keyForm.String())
	if a.Kind == FollowUp {
		f.Require(!strings.HasPrefix(string(a.Key), EvaluatorPrefix), fieldKey, fault.NotAllowed)
	}
	checkText(&f, fieldName, a.DisplayName, MaxName)
	checkText(&f, fieldInstructions, a.Instructions, MaxInstructions)
	a.Params.check(&f)
	f.Require(len(a.SuggestedQuestions) <= MaxQuestions, fieldQuestions, fault.OutOfRange, "min", "0", "max", fmt.Sprint(MaxQuestions))
	for i, q := range a.SuggestedQuestions[:min(len(a.SuggestedQuestions), MaxQuestions)] {
		checkText(&f, fmt.Sprintf("%s[%d]", fieldQuestions, i), q, MaxQuestion)
	}
	for i, t := range a.MeetingTypes {
		f.Require(t.IsValid(), fmt.Sprintf("%s[%d]", fieldTypes, i), fault.OneOf, "allowed", typeNames())
	}
	return f.Err()
}

func (p Params) check(f *fault.Fields) {
	between := func(name string, v *float64, most float64) {
		f.Require(v == nil || *v >= 0 && *v <= most, name, fault.OutOfRange, "min", "0", "max", fmt.Sprint(most))
	}
	between("temperature", p.Temperature, MaxTemperature)
	between("top_p", p.TopP, MaxTopP)
}

func checkText(f *fault.Fields, name, text string, most int) {
	f.Require(strings.TrimSpace(text) != "", name, fault.Required)
	f.Require(utf8.RuneCountInString(text) <= most, name, fault.TooLong, "max", fmt.Sprint(most))
}

func typeNames() string {
	var names []string
	for _, t := range MeetingTypes() {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}

var (
	plain = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "ñ", "n", "ç", "c", "ã", "a", "õ", "o", "â", "a", "ê", "e", "ô", "o", "à", "a")
	other = regexp.MustCompile(`[^a-z0-9]+`)
)

// KeyOf makes a key of a name for people, "" where nothing of it is left.
func KeyOf(name string) Key {
	key := strings.Trim(other.ReplaceAllString(plain.Replace(strings.ToLower(name)), "_"), "_")
	if key != "" && key[0] <= '9' {
		key = "agente_" + key
	}
	return Key(strings.TrimRight(key[:min(len(key), 50)], "_"))
}
