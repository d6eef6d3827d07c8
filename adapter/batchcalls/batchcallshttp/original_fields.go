package batchcallshttp

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// Messages of the original's validators.
const (
	invalidValue       = "Invalid value"
	recipientsRequired = "recipients debe ser un array con al menos un elemento"
	phoneRequired      = "Cada recipient debe tener un phone_number"
	clientDataObject   = "conversation_initiation_client_data debe ser un objeto"
	variablesObject    = "dynamic_variables debe ser un objeto"
	scheduledInteger   = "scheduled_time_unix debe ser un número entero"
	providerKnown      = `phone_provider debe ser "twilio" o "sip_trunk"`
	includeBoolean     = "include_dynamic_variables debe ser un booleano"
)

// Messages for what the original let pass.
const (
	phoneE164    = "phone_number debe estar en formato E.164 (ej: +34631021622)"
	forceBoolean = "force debe ser un booleano"
)

// requireText is the original's isString, then notEmpty: two complaints about what is missing, one about what is no text or
// is blank. What PostgreSQL cannot keep (U+0000) is no text either.
func (p *problems) requireText(key string, v gjson.Result) {
	switch {
	case !isGiven(v):
		p.add(key, v, invalidValue)
		p.add(key, v, key+" es requerido")
	case v.Type != gjson.String, strings.ContainsRune(v.Str, 0):
		p.add(key, v, invalidValue)
	case isBlank(v.Str):
		p.add(key, v, key+" es requerido")
	}
}

// wholeNumber is what validator.js takes for an integer in a text: leading zeros and a sign included.
var wholeNumber = regexp.MustCompile(`^[-+]?[0-9]+$`)

// endOfTime is the last second of the year 9999, in seconds since 1970: later ones are milliseconds.
const endOfTime = 253_402_300_799

// unixTime reads seconds since 1970 from a number or from its decimal text, as the original does. Times before 1970 and
// after 9999 are none.
func unixTime(v gjson.Result) (time.Time, bool) {
	var seconds int64
	switch v.Type {
	case gjson.Number:
		if v.Num != math.Trunc(v.Num) || math.Abs(v.Num) > endOfTime {
			return time.Time{}, false
		}
		seconds = int64(v.Num)
	case gjson.String:
		var err error
		if seconds, err = strconv.ParseInt(v.Str, 10, 64); err != nil || !wholeNumber.MatchString(v.Str) {
			return time.Time{}, false
		}
	default:
		return time.Time{}, false
	}
	return time.Unix(seconds, 0).UTC(), 0 <= seconds && seconds <= endOfTime
}

// boolean reads what validator.js takes for a boolean: true and false, 1 and 0, and their texts in lower case.
func boolean(v gjson.Result) (value, ok bool) {
	switch v.Type {
	case gjson.True, gjson.False:
		return v.Type == gjson.True, true
	case gjson.Number:
		return v.Num == 1, v.Num == 0 || v.Num == 1
	case gjson.String:
		return v.Str == "true" || v.Str == "1", slices.Contains([]string{"true", "false", "1", "0"}, v.Str)
	default:
		return false, false
	}
}

func isProvider(v gjson.Result) bool {
	return v.Type == gjson.String && (v.Str == "twilio" || v.Str == "sip_trunk")
}
