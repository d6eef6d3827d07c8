package elevenlabs_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

const specFile = "../../../../shared/contracts/specs/elevenlabs.json"

func TestAnswersFitTheVendorsOwnDocument(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(specFile)
	if err != nil {
		t.Skip("the vendor's OpenAPI document is not beside the repository: ", specFile)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	require.NoError(t, err)
	fits := func(schema string, value any) {
		t.Helper()
		err := doc.Components.Schemas[schema].Value.VisitJSON(value, openapi3.SetSchemaErrorMessageCustomizer(
			func(e *openapi3.SchemaError) string { return strings.Join(e.JSONPointer(), "/") + ": " + e.Reason }))
		require.NoError(t, err, schema)
	}
	w := newWorld(t)
	w.Control("PUT", "/elevenlabs/number", object{"phone_number_id": "phnum_sip", "provider": "sip_trunk"}, nil)
	w.script(object{"speed": 1, "outcomes": object{phone(1): "busy"}})
	for _, number := range []any{"phnum_1", "phnum_sip", nil} {
		a := w.call("POST", batches+"/submit", asking(2, object{"agent_phone_number_id": number}))
		fits("BatchCallResponse", any(a.body))
		id := a.body["id"].(string)
		w.begun(id)
		for range 4 { // dispatched, initiated, in progress, completed
			fits("BatchCallDetailedResponse", any(w.get(id)))
			for _, conversation := range w.recipients(id, "conversation_id") {
				if conversation != nil {
					fits("GetConversationResponseModel", any(w.call("GET", "/v1/convai/conversations/"+conversation.(string), nil).body))
				}
			}
			w.AdvanceClock(10 * time.Second)
		}
		fits("BatchCallDetailedResponse", any(w.get(id)))
	}
	fits("WorkspaceBatchCallsResponse", any(w.call("GET", batches+"/workspace?limit=2", nil).body))
	fits("HTTPValidationError", any(w.call("POST", batches+"/submit", `{"recipients":[1]}`).body))
	fits("GetAgentResponseModel", any(w.call("GET", "/v1/convai/agents/agent_1", nil).body))
	fits("GetPhoneNumberTwilioResponseModel", any(w.call("GET", "/v1/convai/phone-numbers/phnum_1", nil).body))
	fits("GetPhoneNumberSIPTrunkResponseModel", any(w.call("GET", "/v1/convai/phone-numbers/phnum_sip", nil).body))
}
