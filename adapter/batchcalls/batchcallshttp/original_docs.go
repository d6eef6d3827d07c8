package batchcallshttp

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

const aboutSubmit = "Stores the batch, asks the provider for it once, and answers with the batch as the provider has it. Any number of " +
	"recipients; each number is called once, however often it is listed.\n\n" +
	"The same body within 10 minutes, or the same `Idempotency-Key`, is one submission: the later ones are answered with the first " +
	"one's batch and a `warning`. `\"force\": true` submits the same body again.\n\n" +
	"When the provider fails, the answer is a 500 with its words; `data.id` then names the batch, since its calls may have been " +
	"placed nevertheless. Nobody is called a second time by itself.\n\n" +
	"Fields that are not listed here are passed on to the provider, as are those of recipients. `dynamic_variables` beside " +
	"`phone_number` are moved into `conversation_initiation_client_data`; where both name a variable, the one inside counts.\n\n" +
	"The body may be compressed (gzip, deflate) and may be a form (`recipients[0][phone_number]=…`); 100 MB at most."

const aboutGet = "The batch as the provider writes it, with every recipient. `status` is one of pending, in_progress, completed, failed " +
	"and cancelled; `detail` says it more exactly: dispatched, initiated, unknown, voicemail, no_answer, busy, do_not_call.\n\n" +
	"The answer carries an `ETag`; with `If-None-Match` an unchanged batch is a 304 without a body. `HEAD` works."

const aboutCancel = "Nothing more is sent to the provider, whatever it says; then each of its batches is cancelled. Calls that run go on " +
	"to their end. A batch that is over is the provider's 400. A body is ignored."

// submitOperation documents the submission.
func submitOperation() *huma.Operation {
	responses := failures(true, 401, 403, 409, 413, 415, 429, 500, 503)
	responses["200"] = jsonResponse("The batch. `warning`, `duplicates`, `duplicates_total` and `do_not_call` are there when they say something.",
		success(batchSchema(false), map[string]*huma.Schema{
			"warning": words("Why nobody is called again"),
			"duplicates": listOf(fields(map[string]*huma.Schema{
				"index": integer("In recipients, from 0"), "first_index": integer("Of the one with the same number"),
			})),
			"duplicates_total": integer("Recipients that were left out, since an earlier one has the number; the first 100 are listed"),
			"do_not_call":      integer("Recipients that the do-not-call list keeps from being called"),
		}), map[string]any{"success": true, "data": exampleBatch("pending")})
	return &huma.Operation{
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json": {Schema: submissionSchema()},
		}},
		Responses: responses,
	}
}

func getOperation() *huma.Operation {
	example := exampleBatch("in_progress")
	example["recipients"] = []map[string]any{{
		"id": "rcpt_01k6qjf6dgecgbc9hkq9gtw977_0", "phone_number": "+34631021622", "whatsapp_user_id": nil, "status": "in_progress",
		"detail": "initiated", "created_at_unix": 1759580232, "updated_at_unix": 1759580250, "conversation_id": "conv_abc123",
		"conversation_initiation_client_data": map[string]any{"dynamic_variables": map[string]any{"name": "Juan"}},
	}}
	responses := failures(false, 401, 403, 404, 429, 500, 503)
	responses["200"] = jsonResponse("The batch with its recipients.", success(batchSchema(true), nil), map[string]any{"success": true, "data": example})
	responses["304"] = &huma.Response{Description: "Nothing has changed since the answer with that `ETag`."}
	return &huma.Operation{
		Parameters: []*huma.Param{batchParam(), {
			Name: "If-None-Match", In: "header", Description: "The `ETag` of an earlier answer", Schema: &huma.Schema{Type: huma.TypeString},
		}},
		Responses: responses,
	}
}

func cancelOperation() *huma.Operation {
	const done = "Batch cancelado exitosamente"
	responses := failures(false, 400, 401, 403, 404, 429, 500, 503)
	responses["200"] = jsonResponse("The batch, stopped.", success(batchSchema(false), map[string]*huma.Schema{"message": words("")}),
		map[string]any{"success": true, "data": exampleBatch("cancelled"), "message": done})
	return &huma.Operation{Parameters: []*huma.Param{batchParam()}, Responses: responses}
}

func batchParam() *huma.Param {
	return &huma.Param{
		Name: "batchId", In: "path", Required: true, Description: "The `id` that the submission was answered with, or the provider's own",
		Schema: &huma.Schema{Type: huma.TypeString}, Example: "btcal_01k6qjf6dgecgbc9hkq9gtw977",
	}
}

func jsonResponse(about string, schema *huma.Schema, example any) *huma.Response {
	return &huma.Response{Description: about, Content: map[string]*huma.MediaType{"application/json": {Schema: schema, Example: example}}}
}

// exampleSubmission is the one of the original's documents, for years ahead: whoever tries it calls nobody.
func exampleSubmission() map[string]any {
	return map[string]any{
		"call_name": "Campaña Marketing Octubre 2025", "agent_id": "agent_2401k62pf0zdfbdbatjs81prh8ka",
		"agent_phone_number_id": "phnum_5501k6qntkmyfq69yfj3xs8rw4kh", "phone_provider": "sip_trunk",
		"scheduled_time_unix": 1893456000,
		"recipients": []map[string]any{{
			"phone_number": "+34631021622",
			"conversation_initiation_client_data": map[string]any{
				"dynamic_variables": map[string]any{"name": "Juan Pérez", "empresa": "Acme Corp", "plan": "Premium"},
			},
		}},
	}
}

func exampleBatch(status string) map[string]any {
	return map[string]any{
		"id": "btcal_01k6qjf6dgecgbc9hkq9gtw977", "phone_number_id": "phnum_5501k6qntkmyfq69yfj3xs8rw4kh",
		"phone_provider": "sip_trunk", "whatsapp_params": nil, "name": "Campaña Marketing Octubre 2025",
		"agent_id": "agent_2401k62pf0zdfbdbatjs81prh8ka", "branch_id": nil, "environment": nil, "created_at_unix": 1759580232,
		"scheduled_time_unix": 1759580232, "timezone": nil, "total_calls_dispatched": 0, "total_calls_scheduled": 1,
		"total_calls_finished": 0, "last_updated_at_unix": 1759580232, "status": status, "retry_count": 0,
		"telephony_call_config":    map[string]any{"ringing_timeout_secs": 60, "twilio_call_recording_enabled": false},
		"target_concurrency_limit": nil, "agent_name": "Mi Agente", "branch_name": nil,
	}
}

// problemsResponse documents the original's answer to wrong fields.
func problemsResponse() *huma.Response {
	item := fields(map[string]*huma.Schema{
		"type": words("field"), "value": {Description: "As sent; absent when the field is"}, "msg": words("What is wrong"),
		"path": words("As in recipients[0].phone_number"), "location": words("body"),
	})
	return jsonResponse("Wrong fields, in the order of the rules; the first 100, and how many more there are. A body that is no JSON "+
		"has `error` in their place.", fields(map[string]*huma.Schema{
		"success": {Type: huma.TypeBoolean}, "errors": listOf(item), "errorsOmitted": integer("Wrong fields that are not listed"),
		"error": words("What is wrong with the body as a whole"),
	}), map[string]any{"success": false, "errors": []map[string]any{
		{"type": "field", "msg": "call_name es requerido", "value": "", "path": "call_name", "location": "body"},
	}})
}

// failureResponse documents the original's answer to anything else.
func failureResponse(status int) *huma.Response {
	return jsonResponse(http.StatusText(status), fields(map[string]*huma.Schema{
		"success": {Type: huma.TypeBoolean}, "error": words("What went wrong, in Spanish"),
		"data": fields(map[string]*huma.Schema{"id": words("Of a submission that failed at the provider: the batch to follow")}),
	}), map[string]any{"success": false, "error": submitFailed + ": Invalid API key (Status: 401)"})
}
