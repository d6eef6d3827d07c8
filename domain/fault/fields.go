package fault

import "errors"

// Rules that a field can break. Each has a sentence in the catalogue.
const (
	Required       Code = "REQUIRED"
	BadEmail       Code = "EMAIL"
	BadURL         Code = "URL"
	BadUUID        Code = "UUID"
	OffsetRequired Code = "RFC3339_WITH_OFFSET"
	InPast         Code = "IN_PAST"
	OneOf          Code = "ONE_OF"   // params: allowed
	TooLong        Code = "TOO_LONG" // params: max
	OutOfRange     Code = "RANGE"    // params: min, max
	BadFormat      Code = "FORMAT"   // params: expected
	NotAllowed     Code = "NOT_ALLOWED"
	SameAs         Code = "SAME_AS" // params: other
)

// Fields gathers what is wrong with one input, so that the caller hears of everything at once.
// The zero value is ready to use.
type Fields struct{ list []Field }

// Add notes that the named field breaks a rule. Parameters come as name, value pairs.
func (f *Fields) Add(name string, rule Code, params ...string) {
	field := Field{Name: name, Rule: rule}
	for i := 0; i+1 < len(params); i += 2 {
		if field.Params == nil {
			field.Params = map[string]string{}
		}
		field.Params[params[i]] = params[i+1]
	}
	f.list = append(f.list, field)
}

// Require notes the rule for the named field unless ok.
func (f *Fields) Require(ok bool, name string, rule Code, params ...string) {
	if !ok {
		f.Add(name, rule, params...)
	}
}

// Err returns nil when nothing was noted, else an Invalid VALIDATION_ERROR with every field.
func (f *Fields) Err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: Validation, Fields: f.list}
}

// Join notes the fields that another check has found.
func (f *Fields) Join(err error) {
	if e, ok := errors.AsType[*Error](err); ok {
		f.list = append(f.list, e.Fields...)
	}
}
