package embed

import (
	"github.com/tertulia-dev/tertulia/adapter/billing/billinghttp"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/mcpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/reference"
)

const title = "Tertulia"

// about opens the API reference.
const about = `Sales meetings: a notetaker joins the call, the call is transcribed, measured, scored and handed to the CRM.

Phone calls by AI agents: a batch of numbers is dialled (` + "`/api/batch-calling`" + `, the wire of the calling service of old), or a
campaign is run (` + "`/v1/calls/campaigns`" + `): at the recipients' hours, within limits and a budget, again where nobody answered. A number is
never dialled twice for one request: what the provider leaves in doubt is found again, or waits for a person.

**Postman, Insomnia, Bruno:** [collection](/postman/collection.json) and [environment](/postman/environment.json). Import both,
set ` + "`baseUrl`, `serviceApiKey` (or `authToken`) and `cronSecret`" + `, and run.
**Costs:** [what a meeting costs](/costs). **Document:** [OpenAPI 3.1](/openapi.json).

| credential | header | for |
|---|---|---|
| a person | ` + "`Authorization: Bearer <jwt>`" + ` | the panel |
| a service | ` + "`X-API-Key: <key>`" + ` and ` + "`salesRepEmail`" + ` in body or query | automations, AI agents |
| the scheduler | ` + "`Authorization: Bearer <CRON_SECRET>`" + ` | ` + "`/api/cron/*`" + ` |
| the notetaker's vendor | ` + "`svix-*` or `webhook-*`" + ` | ` + "`/api/webhooks/recall`" + ` |
| the vendor of phone calls | ` + "`ElevenLabs-Signature`" + ` | ` + "`/api/webhooks/elevenlabs`" + ` |

Errors are ` + "`{\"error\": \"a sentence\", \"code\": \"MACHINE_CODE\", \"details\": […], \"requestId\": \"…\"}`" + `, in Spanish, English or
Portuguese by ` + "`Accept-Language`" + `. Each operation shows its own with their causes.`

// registerPages serves what people look at: the API reference at /, and the costs.
func registerPages(api *httpserver.API, costs billinghttp.Page) {
	reference.Register(api.Echo(), title)
	billinghttp.RegisterPage(api.Echo(), costs)
}

// registerTools offers operations to AI agents that speak the Model Context Protocol.
func registerTools(api *httpserver.API) {
	mcpserver.Register(api, mcpserver.Options{
		Name: "tertulia", Version: Version,
		About: "Sales meetings with their transcripts and analyses. Find a meeting with list_meetings or search, read it with " +
			"get_meeting and get_transcript, cite moments as [mm:ss].",
		Tools: []mcpserver.Tool{
			{Name: "who_am_i", Operation: "getMe", About: "The rep for whom you act, with the ID that rep_performance takes."},
			{Name: "list_meetings", Operation: "listMeetings", About: "Meetings, newest first, by state, type, day or customer. Start here when you know neither the meeting's ID nor a word that was said."},
			{Name: "get_meeting", Operation: "getMeeting", Omit: []string{"transcript", "media"}, About: "One meeting with its analysis: summary, action items, scores, objections, next steps and talk metrics. Without the transcript, which get_transcript has."},
			{Name: "get_transcript", Operation: "getTranscriptText", About: "What was said in a meeting, a line a turn: [mm:ss] Name: text."},
			{Name: "search", Operation: "searchMeetings", About: "Moments in which something was said, across the meetings you may see, with the words around it."},
			{Name: "rep_performance", Operation: "getSalesRepPerformance", About: "How a rep's completed sales meetings went: average score, estimated close rate, opportunities."},
			{Name: "team_performance", Operation: "getTeamPerformance", About: "The same for every rep. Administrators only."},
			{Name: "list_agents", Operation: "listMeetingAgents", About: "The agents that can be asked about a meeting, with questions that they suggest."},
			{Name: "ask_agent", Operation: "askAgent", Writes: true, About: "Ask one of list_agents about a meeting. The question and the answer stay in the rep's chat."},
			{Name: "meeting_costs", Operation: "getMeetingCosts", About: "What a meeting has cost at vendors, line by line."},
		},
	})
}
