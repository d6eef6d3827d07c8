package batchcalls

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Target is what a column of a customer's file becomes.
type Target string

// Targets.
const (
	ToPhone    Target = "phone"    // whom to call; exactly one column
	ToVariable Target = "variable" // a dynamic variable of the conversation
	ToOverride Target = "override" // replaces a setting of the voice agent for this call
	ToNothing  Target = "ignore"
)

// ValueType is what the cells of a variable are read as.
type ValueType string

// Value types. An unset one is text: most of what looks like a number in a list of customers is none (00123).
const (
	AsText    ValueType = "string"
	AsNumber  ValueType = "number"
	AsBoolean ValueType = "boolean"
)

// ProviderPrefix begins the names of variables that the provider sets itself; it refuses them from others.
const ProviderPrefix = "system__"

// maxVariableName bounds what is taken for a name.
const maxVariableName = 100

// Overrides are the settings of a voice agent that a column may replace, by the names that ElevenLabs gives such columns.
// The provider fails the batch when the agent's security settings do not allow them.
func Overrides() []string { return []string{"language", "first_message", "voice_id", "system_prompt"} }

// Column says what becomes of the column with a header, which is compared without the spaces around it.
type Column struct {
	Header string
	Target Target
	Name   string    // of the variable or the override; for a variable the header where it is empty
	Type   ValueType // of a variable
}

// name is the variable's or override's name, trimmed.
func (c Column) name() string {
	if name := strings.TrimSpace(c.Name); name != "" {
		return name
	}
	return strings.TrimSpace(c.Header)
}

// Mapping says what the columns of a file become. Headers that it does not name are ignored.
type Mapping []Column

// Validate returns nil for a mapping that can be followed, else Invalid VALIDATION_ERROR with each wrong field of
// mapping[i], or mapping itself when not exactly one column is the phone.
func (m Mapping) Validate() error {
	var wrong fault.Fields
	phones, headers, names := 0, map[string]bool{}, map[string]bool{}
	for i, c := range m {
		at := "mapping[" + strconv.Itoa(i) + "]."
		header := strings.TrimSpace(c.Header)
		wrong.Require(header != "", at+"header", fault.Required)
		wrong.Require(!headers[header], at+"header", TwiceTheSame)
		headers[header] = true
		switch c.Target {
		case ToPhone:
			phones++
		case ToVariable, ToOverride:
			c.validateName(at, names, &wrong)
		case ToNothing:
		default:
			wrong.Add(at+"target", fault.OneOf, "allowed", "phone, variable, override, ignore")
		}
	}
	wrong.Require(phones == 1, "mapping", OnePhoneColumn)
	return wrong.Err()
}

func (c Column) validateName(at string, taken map[string]bool, wrong *fault.Fields) {
	name := c.name()
	wrong.Require(!taken[string(c.Target)+name], at+"name", TwiceTheSame)
	taken[string(c.Target)+name] = true
	if c.Target == ToOverride {
		wrong.Require(slices.Contains(Overrides(), name), at+"name", fault.OneOf, "allowed", strings.Join(Overrides(), ", "))
		return
	}
	wrong.Require(len(name) <= maxVariableName, at+"name", fault.TooLong, "max", strconv.Itoa(maxVariableName))
	wrong.Require(!strings.ContainsAny(name, "{}"), at+"name", fault.BadFormat, "expected", "customer_name")
	wrong.Require(!strings.HasPrefix(name, ProviderPrefix), at+"name", ProvidersOwn, "prefix", ProviderPrefix)
	wrong.Require(slices.Contains([]ValueType{"", AsText, AsNumber, AsBoolean}, c.Type), at+"type", fault.OneOf,
		"allowed", "string, number, boolean")
}

// GuessMapping proposes what to make of a file from its header and a few of its rows: the column that is named and filled
// like phone numbers is the phone, ElevenLabs' names are its overrides, and everything else is a variable of the header's
// name. A column without a name, with a name that another has, or with one of the provider's own, is ignored. The proposal
// has no phone when nothing looks like one.
func GuessMapping(header []string, sample [][]string) Mapping {
	m := make(Mapping, 0, len(header))
	phone, seen := phoneColumn(header, sample), map[string]bool{}
	for i, h := range header {
		h = strings.TrimSpace(h)
		if h == "" || seen[h] {
			continue
		}
		seen[h] = true
		c := Column{Header: h, Target: ToVariable, Name: h}
		switch {
		case i == phone:
			c.Target, c.Name = ToPhone, ""
		case slices.Contains(Overrides(), plain(h)):
			c.Target, c.Name = ToOverride, plain(h)
		case strings.HasPrefix(h, ProviderPrefix), strings.ContainsAny(h, "{}"), len(h) > maxVariableName:
			c.Target, c.Name = ToNothing, ""
		}
		m = append(m, c)
	}
	return m
}

// phoneNames are what columns of phone numbers are called in English, Spanish and Portuguese, the surest first: a header
// counts when it is the word, then when it holds it.
const phoneNames = "phone_number phone telefono telefone celular movil mobile cellphone cell whatsapp tel phone_no msisdn " +
	"numero number fono"

// phoneColumn returns the index of the column that holds the phones, -1 when none does. A name counts only while what is
// below looks like phones ("numero" may be a house's); without a name, the looks decide alone.
func phoneColumn(header []string, sample [][]string) int {
	words := make([]string, len(header))
	for i, h := range header {
		words[i] = plain(h)
	}
	named := func(is func(header, name string) bool) int {
		for name := range strings.FieldsSeq(phoneNames) {
			for i, h := range words {
				if is(h, name) && looksLikePhones(sample, i, true) {
					return i
				}
			}
		}
		return -1
	}
	if i := named(func(h, name string) bool { return h == name }); i >= 0 {
		return i
	}
	if i := named(strings.Contains); i >= 0 {
		return i
	}
	for i := range header {
		if looksLikePhones(sample, i, false) {
			return i
		}
	}
	return -1
}

// looksLikePhones reports whether most of the column's filled cells do; where none is filled, or there is no sample, unfilled.
func looksLikePhones(sample [][]string, column int, unfilled bool) bool {
	filled, phones := 0, 0
	for _, row := range sample {
		if column >= len(row) || strings.TrimSpace(row[column]) == "" {
			continue
		}
		filled++
		if looksLikePhone(row[column]) {
			phones++
		}
	}
	if filled == 0 {
		return unfilled
	}
	return 2*phones > filled
}

func looksLikePhone(cell string) bool {
	digits := 0
	for _, r := range strings.TrimSpace(cell) {
		switch {
		case '0' <= r && r <= '9':
			digits++
		case !strings.ContainsRune("+-–().,/ E\u00a0'", r): // a comma and an E: what spreadsheets make of long numbers
			return false
		}
	}
	return 6 <= digits && digits <= 17
}

// plain writes a header in lower case, without accents, and with "_" for whatever stands between its words.
func plain(header string) string {
	accents := strings.NewReplacer("á", "a", "à", "a", "ã", "a", "é", "e", "ê", "e", "í", "i", "ó", "o", "ô", "o", "ú", "u", "ñ", "n", "ç", "c")
	words := strings.FieldsFunc(accents.Replace(strings.ToLower(header)), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, "_")
}
