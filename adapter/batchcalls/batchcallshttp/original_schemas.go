package batchcallshttp

import (
	"maps"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

func words(about string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Description: about}
}

func integer(about string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeInteger, Description: about}
}

func listOf(item *huma.Schema) *huma.Schema {
	return &huma.Schema{Type: huma.TypeArray, Items: item}
}

func fields(properties map[string]*huma.Schema, required ...string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Properties: properties, Required: required, AdditionalProperties: true}
}

// success is the original's envelope of what went well.
func success(data *huma.Schema, beside map[string]*huma.Schema) *huma.Schema {
	properties := map[string]*huma.Schema{"success": {Type: huma.TypeBoolean}, "data": data}
	maps.Copy(properties, beside)
	return fields(properties, "success", "data")
}

func statuses() *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: []any{"pending", "in_progress", "completed", "failed", "cancelled"}}
}

// variables is what an agent may speak of by name.
func variables() *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Description: "What the agent may speak of, by name", AdditionalProperties: true}
}

func submissionSchema() *huma.Schema {
	id := words("The caller's own ID of the recipient; one is made when there is none")
	recipient := fields(map[string]*huma.Schema{
		"phone_number": {Type: huma.TypeString, Pattern: `^\+[0-9]{7,15}$`, Description: "In E.164"},
		"id":           id, "dynamic_variables": variables(),
		"conversation_initiation_client_data": fields(map[string]*huma.Schema{"dynamic_variables": variables()}),
	}, "phone_number")
	people := listOf(recipient)
	one := 1
	people.MinItems = &one
	return fields(map[string]*huma.Schema{
		"call_name": words("Name of the batch"), "agent_id": words("ID of the voice agent at the provider"),
		"agent_phone_number_id":     words("ID of the number that calls, at the provider"),
		"recipients":                people,
		"scheduled_time_unix":       integer("When to call, in seconds since 1970; absent, null or past is now"),
		"phone_provider":            {Type: huma.TypeString, Enum: []any{"twilio", "sip_trunk"}},
		"include_dynamic_variables": {Type: huma.TypeBoolean, Description: "false: only numbers and IDs go to the provider"},
		"force":                     {Type: huma.TypeBoolean, Description: "Calls although the same body was submitted a moment ago"},
	}, "call_name", "agent_id", "agent_phone_number_id", "recipients")
}

// batchSchema is a batch as the provider writes it.
func batchSchema(withRecipients bool) *huma.Schema {
	properties := map[string]*huma.Schema{}
	for kind, keys := range map[string][]string{
		huma.TypeString:  {"phone_provider", "branch_id", "environment", "timezone", "agent_name", "branch_name"},
		huma.TypeInteger: {"retry_count", "target_concurrency_limit"},
		huma.TypeObject:  {"whatsapp_params", "telephony_call_config"},
	} {
		for _, key := range keys {
			properties[key] = &huma.Schema{Type: kind, Nullable: true, Description: "As the provider tells it"}
		}
	}
	for _, key := range []string{"id", "name", "agent_id", "phone_number_id"} {
		properties[key] = words("")
	}
	for _, key := range []string{
		"created_at_unix", "scheduled_time_unix", "last_updated_at_unix", "total_calls_dispatched", "total_calls_scheduled", "total_calls_finished",
	} {
		properties[key] = integer("")
	}
	properties["status"] = statuses()
	if withRecipients {
		properties["recipients"] = listOf(fields(map[string]*huma.Schema{
			"id": words(""), "phone_number": words("E.164"), "status": statuses(), "detail": words("The status more exactly, where there is more to say"),
			"created_at_unix": integer(""), "updated_at_unix": integer(""),
			"conversation_id":                     {Type: huma.TypeString, Nullable: true, Description: "The provider's ID of the call, once there is one"},
			"conversation_initiation_client_data": {Type: huma.TypeObject, Nullable: true, AdditionalProperties: true},
			"whatsapp_user_id":                    {Type: huma.TypeString, Nullable: true},
		}))
	}
	return fields(properties, headKeys[:]...)
}

// failures documents the answers of the original's envelope, and how wrong fields look where a body has some.
func failures(hasFields bool, statuses ...int) map[string]*huma.Response {
	out := map[string]*huma.Response{}
	for _, status := range statuses {
		out[strconv.Itoa(status)] = failureResponse(status)
	}
	if hasFields {
		out[strconv.Itoa(http.StatusBadRequest)] = problemsResponse()
	}
	return out
}
