package batchcallshttp

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"github.com/tidwall/gjson"

	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// readSubmission reads a body that isContainer, or is empty, by the rules of the original: chain by chain, in each rule by
// rule, in each recipient by recipient. The input aliases the body, which nobody may change any more.
func readSubmission(body []byte) (batchcallsuc.SubmitInput, problems) {
	var (
		fields object
		found  problems
		in     batchcallsuc.SubmitInput
	)
	fields.read(gjson.Parse(textOf(body)))
	for _, key := range []string{"call_name", "agent_id", "agent_phone_number_id"} {
		found.requireText(key, fields.get(key))
	}
	in.Name, in.Agent, in.PhoneNumber = fields.get("call_name").Str, fields.get("agent_id").Str, fields.get("agent_phone_number_id").Str
	people := readRecipients(&fields, &found)
	in.Recipients = people.read
	readOptional(&fields, &found, &in)
	if found.total == 0 {
		found.join(people.noE164)
	}
	if found.total > 0 {
		return batchcallsuc.SubmitInput{}, found
	}
	in.Options = options(&fields)
	in.BodyHash = hashOf(in)
	return in, found
}

// readRecipients reads the list and joins what is wrong with it, save for the form of the numbers.
func readRecipients(fields *object, found *problems) *recipients {
	list := fields.get("recipients")
	include, isBoolean := boolean(fields.get("include_dynamic_variables"))
	people := &recipients{bare: isBoolean && !include}
	i, isList := 0, list.IsArray()
	if isList || list.IsObject() { // what is in an object is complained about as well, under its keys
		list.ForEach(func(key, v gjson.Result) bool {
			people.add(place{index: i, key: key.Str, isKey: !isList}, v)
			i++
			return true
		})
	}
	if i == 0 || !isList {
		found.add("recipients", list, recipientsRequired)
	}
	found.join(people.noText, people.noPhone, people.noClientData, people.noVariables, people.noID)
	return people
}

// readOptional reads what may be absent, or null.
func readOptional(fields *object, found *problems, in *batchcallsuc.SubmitInput) {
	if v := fields.get("scheduled_time_unix"); isGiven(v) {
		at, ok := unixTime(v)
		if !ok {
			found.add("scheduled_time_unix", v, scheduledInteger)
		}
		in.ScheduledAt = at
	}
	if v := fields.get("phone_provider"); isGiven(v) && !isProvider(v) {
		found.add("phone_provider", v, providerKnown)
	}
	if v := fields.get("include_dynamic_variables"); isGiven(v) {
		if _, ok := boolean(v); !ok {
			found.add("include_dynamic_variables", v, includeBoolean)
		}
	}
	if v := fields.get("force"); isGiven(v) {
		force, ok := boolean(v)
		if !ok {
			found.add("force", v, forceBoolean)
		}
		in.Force = force
	}
}

// options is what the provider is told beside what the input names: whatever else was sent. Nil for nothing.
func options(fields *object) json.RawMessage {
	var rest writer
	rest.begin()
	for _, m := range fields.members {
		switch m.key {
		case "call_name", "agent_id", "agent_phone_number_id", "recipients", "scheduled_time_unix", "force":
			continue
		case "phone_provider", "include_dynamic_variables":
			if isNull(m.value) {
				continue
			}
		}
		rest.member(m.rawKey, m.value.Raw)
	}
	if rest.first {
		return nil
	}
	return rest.end()
}

// hashOf is the same for two bodies that ask for the same calls: hex SHA-256 of all that is asked for, each part behind its
// length. Whether it was forced is no part of it.
func hashOf(in batchcallsuc.SubmitInput) string {
	h := sha256.New()
	part := func(b []byte) {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(b)))
		h.Write(length[:])
		h.Write(b)
	}
	at := ""
	if !in.ScheduledAt.IsZero() {
		at = strconv.FormatInt(in.ScheduledAt.Unix(), 10)
	}
	for _, s := range []string{in.Name, in.Agent, in.PhoneNumber, at} {
		part(bytesOf(s))
	}
	part(in.Options)
	for _, r := range in.Recipients {
		part(r.Body)
	}
	return hex.EncodeToString(h.Sum(nil))
}
