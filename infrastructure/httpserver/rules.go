package httpserver

import (
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Rules that only the decoder can find broken.
const (
	Malformed  fault.Code = "MALFORMED"  // a body is not the JSON it claims to be
	WrongType  fault.Code = "TYPE"       // params: expected
	TooShort   fault.Code = "TOO_SHORT"  // params: min
	TooMany    fault.Code = "TOO_MANY"   // params: max
	TooFew     fault.Code = "TOO_FEW"    // params: min
	Duplicated fault.Code = "DUPLICATED" // an item appears twice
	Unreadable fault.Code = "UNREADABLE" // the value cannot be understood at all
	Empty      fault.Code = "NOT_EMPTY"  // it may be left out, and not be empty
	AtLeast    fault.Code = "AT_LEAST"   // params: min
	MoreThan   fault.Code = "MORE_THAN"  // params: min
	AtMost     fault.Code = "AT_MOST"    // params: max
	LessThan   fault.Code = "LESS_THAN"  // params: max
)

// humaRule ties one of huma's messages to a rule. The parameters are named in the order of the message's verbs; an empty
// name drops a value, "property" moves the place.
type humaRule struct {
	message *regexp.Regexp
	rule    fault.Code
	params  []string
	fixed   []string // name and value of a parameter that the message does not carry
}

// says makes a rule from the format that huma makes its message with.
func says(format string, rule fault.Code, params ...string) humaRule {
	pattern := strings.NewReplacer("%s", "(.*?)", "%v", "(.*?)", "%d", "(.*?)").Replace(regexp.QuoteMeta(format))
	return humaRule{message: regexp.MustCompile("(?s)^" + pattern + "$"), rule: rule, params: params}
}

// wants makes a rule from a message that names a form and carries nothing else.
func wants(message string, rule fault.Code, expected string) humaRule {
	r := says(message, rule)
	r.fixed = []string{"expected", expected}
	return r
}

var humaRules = []humaRule{
	says(validation.MsgExpectedRequiredProperty, fault.Required, "property"),
	says(validation.MsgExpectedDependentRequiredProperty, fault.Required, "property", ""),
	says("required query parameter is missing", fault.Required),
	says("required path parameter is missing", fault.Required),
	says("required header parameter is missing", fault.Required),
	says("required cookie parameter is missing", fault.Required),
	says("request body is required", fault.Required),
	says(validation.MsgExpectedRFC5322Email, fault.BadEmail, ""),
	says(validation.MsgExpectedRFC3986URI, fault.BadURL, ""),
	says(validation.MsgExpectedRFC4122UUID, fault.BadUUID, ""),
	says(validation.MsgExpectedRFC3339DateTime, fault.OffsetRequired),
	wants(validation.MsgExpectedRFC3339Date, fault.BadFormat, "YYYY-MM-DD"),
	wants(validation.MsgExpectedRFC3339Time, fault.BadFormat, "hh:mm:ss±hh:mm"),
	wants(validation.MsgExpectedBase64String, fault.BadFormat, "base64"),
	says(validation.MsgExpectedMatchPattern, fault.BadFormat, "expected"),
	says(validation.MsgExpectedBePattern, fault.BadFormat, "expected"),
	says(validation.MsgExpectedOneOf, fault.OneOf, "allowed"),
	wants(validation.MsgExpectedBoolean, WrongType, "boolean"),
	wants(validation.MsgExpectedNumber, WrongType, "number"),
	wants(validation.MsgExpectedInteger, WrongType, "integer"),
	wants(validation.MsgExpectedString, WrongType, "string"),
	wants(validation.MsgExpectedArray, WrongType, "array"),
	wants(validation.MsgExpectedObject, WrongType, "object"),
	wants("invalid integer", WrongType, "integer"),
	wants("invalid float", WrongType, "number"),
	wants("invalid boolean", WrongType, "boolean"),
	says(validation.MsgExpectedMinimumNumber, AtLeast, "min"),
	says(validation.MsgExpectedExclusiveMinimumNumber, MoreThan, "min"),
	says(validation.MsgExpectedMaximumNumber, AtMost, "max"),
	says(validation.MsgExpectedExclusiveMaximumNumber, LessThan, "max"),
	says(validation.MsgExpectedMinLength, TooShort, "min"),
	says(validation.MsgExpectedMaxLength, fault.TooLong, "max"),
	says(validation.MsgExpectedMinItems, TooFew, "min"),
	says(validation.MsgExpectedMaxItems, TooMany, "max"),
	says(validation.MsgExpectedMinProperties, TooFew, "min"),
	says(validation.MsgExpectedMaxProperties, TooMany, "max"),
	says(validation.MsgExpectedArrayItemsUnique, Duplicated),
	says(validation.MsgUnexpectedProperty, fault.NotAllowed),
}

// ruleOf reads one of huma's details: where, which rule, with which parameters (name, value pairs).
func ruleOf(d *huma.ErrorDetail) (name string, rule fault.Code, params []string) {
	name = fieldName(d.Location)
	for _, r := range humaRules {
		values := r.message.FindStringSubmatch(d.Message)
		if values == nil {
			continue
		}
		for i, p := range r.params {
			switch value := values[i+1]; p {
			case "":
			case "property": // the place is the object that lacks it
				name = fieldName(d.Location + "." + value)
			default:
				params = append(params, p, value)
			}
		}
		if r.rule == TooShort && slices.Equal(params, []string{"min", "1"}) {
			return name, Empty, nil
		}
		return name, r.rule, append(params, r.fixed...)
	}
	return name, Unreadable, nil
}

// fieldName is the place without the part of the request: body.customerInfo.email is customerInfo.email.
func fieldName(location string) string {
	part, rest, found := strings.Cut(location, ".")
	switch part {
	case "body", "query", "path", "header", "cookie", "form":
		if found {
			return rest
		}
	}
	return location
}
