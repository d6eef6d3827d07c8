package embed_test

import (
	"maps"
	"net/http"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

const (
	bad, denied, absent, conflict = http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict

	forRep     = "salesRepEmail=" + embedtest.RepEmail
	meetingURL = `"meetingUrl":"` + embedtest.MeetURL + `"`
	evaluator  = "<completed> evaluador_demostracion"
	follower   = "<completed> seguimiento_general"
)

// sourceTable is the source's 64 rows, with a right call of each and every error that it lists, and what a rep may not do.
func sourceTable() map[string]sourceRow {
	all := map[string]sourceRow{}
	for _, part := range []map[string]sourceRow{meetingRows(), peopleRows(), operationRows(), chatRows(), agentRows()} {
		maps.Copy(all, part)
	}
	return all
}

func meetingRows() map[string]sourceRow {
	const booking = `{` + meetingURL + `,"scheduledAt":"<soon>","salesRepEmail":"` + embedtest.RepEmail + `","customerInfo":{"contactName":"Pedro García"}}`
	forbidden := fails("other rep", `{}`, denied, "FORBIDDEN")
	nowhere := fails("", `{}`, absent, "MEETING_NOT_FOUND").on("<none>")
	unwritten := fails("", `{}`, conflict, "TRANSCRIPT_NOT_READY").on("<booked>")
	return map[string]sourceRow{
		"POST /api/meetings/schedule": {tries: []try{
			ok("service", booking).giving(http.StatusCreated),
			fails("service", `{"salesRepEmail":"`+embedtest.RepEmail+`","customerInfo":{}}`, bad, "VALIDATION_ERROR"),
			fails("rep", `{`+meetingURL+`,"scheduledAt":"2026-05-15T15:00:00","customerInfo":{"contactName":"Pedro"}}`, bad, "VALIDATION_ERROR"),
			fails("rep", `{"meetingUrl":"https://evil.com/meet.google.com","customerInfo":{"contactName":"Pedro"}}`, bad, "VALIDATION_ERROR"),
			fails("service", `{`+meetingURL+`,"customerInfo":{"contactName":"Pedro"}}`, bad, "MISSING_SALES_REP_EMAIL"),
			fails("wrong key", booking, http.StatusUnauthorized, "UNAUTHORIZED"),
			fails("rep", `{"customerInfo":{"contactName":"Pedro"}}`, http.StatusBadGateway, "N8N_ERROR").without("n8n"),
		}},
		"POST /api/meetings/start": {tries: []try{
			ok("rep", `{`+meetingURL+`,"customerInfo":{"contactName":"Pedro"}}`).giving(http.StatusCreated),
			fails("rep", `{"customerInfo":{"contactName":"Pedro"}}`, bad, "VALIDATION_ERROR"),
		}},
		"POST /api/meetings/invite-bot": {tries: []try{
			ok("rep", `{`+meetingURL+`,"scheduledAt":"<soon>"}`).giving(http.StatusCreated),
			fails("rep", `{`+meetingURL+`,"meetingType":"ventas"}`, bad, "VALIDATION_ERROR"),
		}},
		"GET /api/meetings": {tries: []try{
			ok("rep", "").with("page=1&limit=20&status=COMPLETED&search=valle"), fails("rep", "", bad, "VALIDATION_ERROR").with("status=GONE"),
			fails("nobody", "", http.StatusUnauthorized, "UNAUTHORIZED"),
		}},
		"GET /api/meetings/:id":       {id: "<completed>", tries: []try{ok("rep", ""), forbidden, nowhere}},
		"GET /api/meetings/:id/video": {id: "<completed>", tries: []try{ok("rep", ""), fails("", "", conflict, "VIDEO_NOT_READY").on("<booked>"), forbidden, nowhere}},
		"GET /api/meetings/:id/audio": {id: "<completed>", tries: []try{ok("rep", ""), fails("", "", conflict, "AUDIO_NOT_READY").on("<booked>"), forbidden, nowhere}},
		"POST /api/meetings/:id/reanalyze": {id: "<completed>", tries: []try{
			ok("rep", `{"sales_subtype":"demostracion"}`).giving(http.StatusAccepted),
			fails("rep", `{"sales_subtype":"otra"}`, bad, "VALIDATION_ERROR"),
			fails("rep", `{"sales_subtype":"demostracion"}`, bad, "VALIDATION_ERROR").on("<general>"),
			forbidden, nowhere, unwritten,
		}},
		"PATCH /api/meetings/:id": {id: "<completed>", tries: []try{
			ok("rep", `{"title":"Otra"}`), fails("rep", `{"sales_rep_id":"<rep>"}`, denied, "FORBIDDEN"),
			fails("rep", `{"customerInfo":{"email":"no es"}}`, bad, "VALIDATION_ERROR"), forbidden, nowhere,
		}},
		"DELETE /api/meetings/:id": {id: "<booked>", tries: []try{
			ok("rep", ""), fails("other rep", "", denied, "FORBIDDEN"), fails("", "", absent, "MEETING_NOT_FOUND").on("<none>"),
			fails("rep", "", conflict, "INVALID_STATE").on("<completed>"),
		}},
		"DELETE /api/admin/meetings/:id": {id: "<booked>", tries: []try{
			ok("", ""), fails("rep", "", denied, "FORBIDDEN"), fails("", "", absent, "MEETING_NOT_FOUND").on("<none>"),
		}},
		"POST /api/meetings/:id/sync-hubspot":      {id: "<completed>", tries: []try{ok("rep", "").giving(http.StatusAccepted), forbidden, nowhere}},
		"GET /api/meetings/:id/hubspot/candidates": {id: "<completed>", tries: []try{ok("rep", "").with("q=pedro"), forbidden, nowhere}},
		"GET /api/meetings/:id/hubspot/preview":    {id: "<completed>", tries: []try{ok("rep", ""), forbidden, nowhere}},
		"GET /api/hubspot/contacts/search":         {tries: []try{ok("rep", "").with("q=pedro"), fails("rep", "", bad, "MISSING_PARAM")}},
	}
}

func peopleRows() map[string]sourceRow {
	const nobody = "SALES_REP_NOT_FOUND"
	performance := []try{
		ok("rep", ""), ok("", ""), fails("other rep", "", denied, "FORBIDDEN"), fails("", "", absent, nobody).on("<none>"),
	}
	return map[string]sourceRow{
		"GET /api/me":         {tries: []try{ok("rep", ""), fails("nobody", "", http.StatusUnauthorized, "UNAUTHORIZED")}},
		"PATCH /api/me":       {tries: []try{ok("service", `{"name":"Bruno Díaz"}`).with(forRep), fails("rep", `{"name":""}`, bad, "VALIDATION_ERROR")}},
		"GET /api/sales-reps": {tries: []try{ok("", ""), fails("rep", "", denied, "FORBIDDEN")}},
		"PATCH /api/sales-reps/:id": {id: "<rep>", tries: []try{
			ok("", `{"is_admin":false}`), fails("rep", `{"is_admin":true}`, denied, "FORBIDDEN"), fails("", `{"is_admin":true}`, absent, nobody).on("<none>"),
		}},
		"GET /api/sales-reps/by-email": {tries: []try{
			ok("rep", "").with("email=" + embedtest.RepEmail), fails("rep", "", bad, "MISSING_PARAM"),
			fails("rep", "", absent, nobody).with("email=nadie@andamio.example"),
		}},
		"GET /api/sales-reps/:id/performance":           {id: "<rep>", tries: performance},
		"GET /api/sales-reps/:id/performance/breakdown": {id: "<rep>", tries: performance},
		"GET /api/sales-reps/:id/performance/weekly":    {id: "<rep>", tries: performance},
		"GET /api/admin/team-performance":               {tries: []try{ok("", ""), fails("rep", "", denied, "FORBIDDEN")}},
		"GET /api/me/hubspot/owner":                     {tries: []try{ok("rep", "")}},
		"GET /api/me/hubspot/owner/candidates":          {tries: []try{ok("rep", "").with("q=bruno")}},
		"PATCH /api/me/hubspot/owner": {tries: []try{
			ok("rep", `{"hubspotOwnerId":null}`), fails("rep", `{"hubspotOwnerId":"999999"}`, bad, "HUBSPOT_OWNER_NOT_FOUND"),
		}},
		"PATCH /api/sales-reps/:id/hubspot-owner": {id: "<rep>", tries: []try{
			ok("", `{"hubspotOwnerId":null}`), fails("rep", `{"hubspotOwnerId":null}`, denied, "FORBIDDEN"),
			fails("", `{"hubspotOwnerId":"999999"}`, bad, "HUBSPOT_OWNER_NOT_FOUND"), fails("", `{"hubspotOwnerId":null}`, absent, nobody).on("<none>"),
		}},
		"GET /api/notifications":                {tries: []try{ok("rep", "")}},
		"PATCH /api/notifications/:id/read":     {id: "<notification>", tries: []try{ok("rep", ""), fails("other rep", "", absent, "NOTIFICATION_NOT_FOUND")}},
		"POST /api/notifications/mark-all-read": {tries: []try{ok("rep", "")}},
		"DELETE /api/notifications/read":        {tries: []try{ok("other rep", "")}},
	}
}

func operationRows() map[string]sourceRow {
	const gone = "TRANSCRIPT_CORRECTION_NOT_FOUND"
	unauthorized := fails("wrong key", "", http.StatusUnauthorized, "UNAUTHORIZED")
	return map[string]sourceRow{
		"GET /api/cron/process-queue":   {tries: []try{ok("scheduler", ""), unauthorized, fails("", "", http.StatusUnauthorized, "UNAUTHORIZED")}},
		"GET /api/cron/cleanup-storage": {tries: []try{ok("scheduler", ""), unauthorized}},
		"GET /api/admin/cron-health":    {tries: []try{ok("", ""), fails("rep", "", denied, "FORBIDDEN")}},
		"POST /api/webhooks/recall": {tries: []try{
			ok("nobody", ""), fails("nobody", `{"event":"bot.done"}`, http.StatusUnauthorized, "INVALID_SIGNATURE"),
		}},
		"GET /api/transcript-corrections": {tries: []try{ok("rep", "").with("onlyActive=true"), fails("nobody", "", http.StatusUnauthorized, "UNAUTHORIZED")}},
		"POST /api/transcript-corrections": {tries: []try{
			ok("", `{"wrong":"clic balans","right":"ClickBalance"}`).giving(http.StatusCreated),
			fails("", `{"wrong":""}`, bad, "VALIDATION_ERROR"), fails("rep", `{"wrong":"a","right":"b"}`, denied, "FORBIDDEN"),
		}},
		"PATCH /api/transcript-corrections/:id": {id: "<correction>", tries: []try{
			ok("", `{"active":false}`), fails("rep", `{"active":false}`, denied, "FORBIDDEN"), fails("", `{"active":false}`, absent, gone).on("<none>"),
		}},
		"DELETE /api/transcript-corrections/:id": {id: "<correction>", tries: []try{
			ok("", ""), fails("rep", "", denied, "FORBIDDEN"), fails("", "", absent, gone).on("<none>"),
		}},
	}
}

func chatRows() map[string]sourceRow {
	const question, unknown = `{"question":"¿Qué compromisos quedaron pendientes?"}`, "AGENT_NOT_FOUND"
	const vote = `{"source":"analysis","source_ref":"<completed>","vote":"like"}`
	const mine = "source=analysis&source_ref=<completed>"
	return map[string]sourceRow{
		"GET /api/meetings/:id/agents":                    {id: "<completed>", tries: []try{ok("rep", ""), fails("other rep", "", denied, "FORBIDDEN"), fails("", "", absent, "MEETING_NOT_FOUND").on("<none>")}},
		"GET /api/meetings/:id/agents/:agentKey/messages": {id: follower, tries: []try{ok("rep", ""), fails("rep", "", absent, unknown).on(evaluator)}},
		"POST /api/meetings/:id/agents/:agentKey/messages": {id: follower, tries: []try{
			ok("rep", question), fails("rep", `{}`, bad, "MISSING_PARAM"), fails("rep", question, absent, unknown).on(evaluator),
			fails("rep", question, absent, unknown).on("<completed> nadie"), fails("rep", question, conflict, "TRANSCRIPT_NOT_READY").on("<booked> seguimiento_general"),
		}},
		"DELETE /api/meetings/:id/agents/:agentKey/conversation": {id: follower, tries: []try{ok("rep", "")}},
		"POST /api/meetings/:id/agent-feedback":                  {id: "<completed>", tries: []try{ok("rep", vote), fails("rep", `{"source":"analysis"}`, bad, "VALIDATION_ERROR")}},
		"GET /api/meetings/:id/my-agent-feedback":                {id: "<completed>", tries: []try{ok("rep", "")}},
		"DELETE /api/meetings/:id/agent-feedback":                {id: "<completed>", tries: []try{ok("rep", "").with(mine), ok("rep", "").with(mine)}},
		"GET /api/sales-subtypes":                                {tries: []try{ok("rep", "")}},
	}
}

func agentRows() map[string]sourceRow {
	const unknown = "AGENT_NOT_FOUND"
	notForReps := func(body string) try { return fails("rep", body, denied, "FORBIDDEN") }
	notThere := func(body string) try { return fails("", body, absent, unknown).on("nadie") }
	edit := func(right, wrong string) []try {
		return []try{ok("", right), fails("", wrong, bad, "VALIDATION_ERROR"), notForReps(right), notThere(right)}
	}
	return map[string]sourceRow{
		"GET /api/admin/agents": {tries: []try{ok("", ""), notForReps("")}},
		"POST /api/admin/agents": {tries: []try{
			ok("", `{"display_name":"Cotizador","instructions":"Responde en una frase."}`).giving(http.StatusCreated),
			fails("", `{"display_name":""}`, bad, "VALIDATION_ERROR"), notForReps(`{"display_name":"x","instructions":"y"}`),
		}},
		"GET /api/admin/agents/models": {tries: []try{ok("", ""), notForReps("")}},
		"GET /api/admin/agents/:key":   {id: "<agent>", tries: []try{ok("", ""), notForReps(""), notThere("")}},
		"PUT /api/admin/agents/:key/instructions": {id: "<agent>", tries: append(edit(`{"instructions":"Responde en dos frases."}`, `{"instructions":""}`),
			fails("", `{"instructions":"Otra vez."}`, conflict, "VERSION_CONFLICT").h("If-Match", `"999"`))},
		"PUT /api/admin/agents/:key/suggested-questions": {id: "<agent>", tries: edit(`{"suggested_questions":["¿Qué sigue?"]}`, `{"suggested_questions":[""]}`)},
		"PUT /api/admin/agents/:key/model":               {id: "<agent>", tries: edit(`{"model":"gpt-4o-mini"}`, `{"model":"no-es"}`)},
		"PUT /api/admin/agents/:key/params":              {id: "<agent>", tries: edit(`{"temperature":0.5,"top_p":0.9}`, `{"temperature":3}`)},
		"PUT /api/admin/agents/:key/name":                {id: "<agent>", tries: edit(`{"display_name":"Otro nombre"}`, `{"display_name":""}`)},
		"PUT /api/admin/agents/:key/active":              {id: "<agent>", tries: edit(`{"active":true}`, `{}`)},
		"POST /api/admin/agents/:key/test":               {id: "<agent>", tries: []try{ok("", `{"question":"¿Qué sigue?","transcript":"Ana: le envío la propuesta el jueves."}`), notForReps(`{"question":"x","transcript":"y"}`)}},
		"GET /api/admin/agents/:key/files":               {id: "<agent>", tries: []try{ok("", ""), notForReps(""), notThere("")}},
		"POST /api/admin/agents/:key/files": {id: "<agent>", tries: []try{
			ok("", "otra nota").giving(http.StatusCreated).h("X-Filename", "otra.txt", "Content-Type", "text/plain"),
			notForReps("x").h("X-Filename", "otra.txt", "Content-Type", "text/plain"),
		}},
		"DELETE /api/admin/agents/:key/files/:fileId": {id: "<agent>", tries: []try{notForReps(""), ok("", "")}},
		"GET /api/admin/corrections":                  {tries: []try{ok("", "").with("status=pending"), notForReps("")}},
		"PUT /api/admin/corrections/:id":              {id: "<none>", tries: []try{fails("", `{"status":"rejected","reason":"no aplica"}`, absent, "CORRECTION_NOT_FOUND"), notForReps(`{"status":"rejected"}`)}},
	}
}
