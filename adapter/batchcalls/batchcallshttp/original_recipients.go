package batchcallshttp

import (
	"encoding/json"

	"github.com/tidwall/gjson"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Keys of a recipient that mean something here.
const (
	keyPhone      = "phone_number"
	keyID         = "id"
	keyClientData = "conversation_initiation_client_data"
	keyVariables  = "dynamic_variables"
)

// maxRef bounds a caller's own ID of a recipient, in bytes.
const maxRef = 255

// recipients reads the list of people. Each rule's complaints are apart, because they are told rule by rule.
type recipients struct {
	bare bool // nothing but the number and the ID goes to the provider
	read []batchcallsuc.SubmitRecipient

	noText, noPhone, noClientData, noVariables, noID, noE164 problems

	person, data, outer object // of the recipient at hand
	text                writer
}

// add reads the next recipient. Once something is wrong nobody is called, and only complaints are collected.
func (rs *recipients) add(at place, v gjson.Result) {
	rs.person.read(v)
	phone, id := rs.person.get(keyPhone), rs.person.get(keyID)
	rs.checkPhone(at, phone)
	rs.checkClientData(at)
	ref, ok := refOf(id)
	if !ok {
		rs.noID.addAt(at, keyID, id, invalidValue)
	}
	if rs.wrong() {
		return
	}
	if !batchcalls.IsE164(phone.Str) {
		rs.noE164.addAt(at, keyPhone, phone, phoneE164)
	}
	if rs.noE164.total == 0 {
		rs.read = append(rs.read, batchcallsuc.SubmitRecipient{
			Phone: batchcalls.Phone(phone.Str), Ref: ref, Body: rs.body(v, id, ref),
		})
	}
}

// wrong reports whether a rule is broken that counts before the form of the numbers does.
func (rs *recipients) wrong() bool {
	return rs.noText.total+rs.noPhone.total+rs.noClientData.total+rs.noVariables.total+rs.noID.total > 0
}

func (rs *recipients) checkPhone(at place, phone gjson.Result) {
	if phone.Type != gjson.String {
		rs.noText.addAt(at, keyPhone, phone, invalidValue)
	}
	if !isGiven(phone) || phone.Type == gjson.String && isBlank(phone.Str) {
		rs.noPhone.addAt(at, keyPhone, phone, phoneRequired)
	}
}

func (rs *recipients) checkClientData(at place) {
	data, own := rs.person.get(keyClientData), rs.person.get(keyVariables)
	rs.data.read(data)
	if isGiven(data) && !data.IsObject() {
		rs.noClientData.addAt(at, keyClientData, data, clientDataObject)
	}
	if inner := rs.data.get(keyVariables); isGiven(inner) && !inner.IsObject() {
		rs.noVariables.addAt(at, keyClientData+"."+keyVariables, inner, variablesObject)
	}
	if isGiven(own) && !own.IsObject() {
		rs.noVariables.addAt(at, keyVariables, own, variablesObject)
	}
}

// refOf reads the caller's own ID: a text, or a number, of which the provider wants the text. Empty is none.
func refOf(id gjson.Result) (string, bool) {
	switch id.Type {
	case gjson.Null:
		return "", true
	case gjson.String:
		return id.Str, len(id.Str) <= maxRef
	case gjson.Number:
		return id.Raw, len(id.Raw) <= maxRef
	default:
		return "", false
	}
}

// body is what the provider is told of the recipient at hand: what was sent, without a copy, where that can stand.
func (rs *recipients) body(sent, id gjson.Result, ref string) json.RawMessage {
	if !rs.bare && rs.canStand(id, ref) {
		return bytesOf(sent.Raw)
	}
	rs.text.begin()
	for _, m := range rs.person.members {
		switch {
		case m.key == keyID:
			if ref != "" {
				rs.text.member(m.rawKey, quoted(id))
			}
		case m.key == keyPhone:
			rs.text.member(m.rawKey, m.value.Raw)
		case rs.bare, m.key == keyVariables:
		case m.key == keyClientData:
			rs.clientData()
		default:
			rs.text.member(m.rawKey, m.value.Raw)
		}
	}
	if !rs.bare && rs.person.find(keyClientData) < 0 {
		rs.clientData()
	}
	return rs.text.end()
}

// canStand reports whether the provider understands the recipient as it was sent.
func (rs *recipients) canStand(id gjson.Result, ref string) bool {
	return !rs.person.repeated && !rs.data.repeated &&
		rs.person.find(keyVariables) < 0 &&
		!isNull(rs.person.get(keyClientData)) && !isNull(rs.data.get(keyVariables)) &&
		(!id.Exists() || id.Type == gjson.String && ref != "")
}

// clientData writes the client data with the recipient's own variables moved into them: the provider looks nowhere else.
// Where both name a variable, the one inside counts, as it did before.
func (rs *recipients) clientData() {
	variables, outer := rs.data.get(keyVariables), rs.person.get(keyVariables)
	if !isGiven(rs.person.get(keyClientData)) && !isGiven(outer) {
		return
	}
	rs.text.open(keyClientData)
	for _, m := range rs.data.members {
		if m.key != keyVariables {
			rs.text.member(m.rawKey, m.value.Raw)
		}
	}
	switch {
	case isGiven(variables) && isGiven(outer):
		rs.variables(variables, outer)
	case isGiven(variables):
		rs.text.member(`"`+keyVariables+`"`, variables.Raw)
	case isGiven(outer):
		rs.text.member(`"`+keyVariables+`"`, outer.Raw)
	}
	rs.text.close()
}

func (rs *recipients) variables(inner, outer gjson.Result) {
	rs.text.open(keyVariables)
	rs.data.read(inner) // the client data are written, save for these
	for _, m := range rs.data.members {
		rs.text.member(m.rawKey, m.value.Raw)
	}
	rs.outer.read(outer)
	for _, m := range rs.outer.members {
		if rs.data.find(m.key) < 0 {
			rs.text.member(m.rawKey, m.value.Raw)
		}
	}
	rs.text.close()
}

// quoted is an ID as a JSON string.
func quoted(id gjson.Result) string {
	if id.Type == gjson.Number {
		return `"` + id.Raw + `"`
	}
	return id.Raw
}
