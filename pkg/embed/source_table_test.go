package embed_test

import (
	"maps"
	"net/http"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

const (
	bad, denied, absent, conflict = http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict

	forRep          = "salesRepEmail=" + embedtest.RepEmail
	meetingURL      = `"meetingUrl":"` + embedtest.MeetURL + `"`
	withEvaluador   = "<completed> evaluador_demostracion"
	withSeguimiento = "<completed> seguimiento_general"
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
	forbidden := wrong("other rep", `{}`, denied, "FORBIDDEN")
	nowhere := wrong("", `{}`, absent, "MEETING_NOT_FOUND").on("<none>")
	unwritten := wrong("", `{}`, conflict, "TRANSCRIPT_NOT_READY").on("<booked>")
	return map[string]sourceRow{
		"POST /api/meetings/schedule": {tries: []try{
			right("service", booking).giving(http.StatusCreated),
			wrong("service", `{"salesRepEmail":"`+embedtest.RepEmail+`","customerInfo":{}}`, bad, "VALIDATION_ERROR"),
			wrong("rep", `{`+meetingURL+`,"scheduledAt":"2026-05-15T15:00:00","customerInfo":{"contactName":"Pedro"}}`, bad, "VALIDATION_ERROR"),
			wrong("rep", `{"meetingUrl":"https://evil.com/meet.google.com","customerInfo":{"contactName":"Pedro"}}`, bad, "VALIDATION_ERROR"),
			wrong("service", `{`+meetingURL+`,"customerInfo":{"contactName":"Pedro"}}`, bad, "MISSING_SALES_REP_EMAIL"),
			wrong("wrong key", booking, http.StatusUnauthorized, "UNAUTHORIZED"),
			wrong("rep", `{"customerInfo":{"contactName":"Pedro"}}`, http.StatusBadGateway, "N8N_ERROR").without("n8n"),
		}},
		"POST /api/meetings/start": {tries: []try{
			right("rep", `{`+meetingURL+`,"customerInfo":{"contactName":"Pedro"}}`).giving(http.StatusCreated),
			wrong("rep", `{"customerInfo":{"contactName":"Pedro"}}`, bad, "VALIDATION_ERROR"),
		}},
		"POST /api/meetings/invite-bot": {tries: []try{
			right("rep", `{`+meetingURL+`,"scheduledAt":"<soon>"}`).giving(http.StatusCreated),
			wrong("rep", `{`+meetingURL+`,"meetingType":"ventas"}`, bad, "VALIDATION_ERROR"),
		}},
		"GET /api/meetings": {tries: []try{
			right("rep", "").with("page=1&limit=20&status=COMPLETED&search=valle"), wrong("rep", "", bad, "VALIDATION_ERROR").with("status=GONE"),
			wrong("nobody", "", http.StatusUnauthorized, "UNAUTHORIZED"),
		}},
		"GET /api/meetings/:id":       {id: "<completed>", tries: []try{right("rep", ""), forbidden, nowhere}},
		"GET /api/meetings/:id/video": {id: "<completed>", tries: []try{right("rep", ""), wrong("", "", conflict, "VIDEO_NOT_READY").on("<booked>"), forbidden, nowhere}},
		"GET /api/meetings/:id/audio": {id: "<completed>", tries: []try{right("rep", ""), wrong("", "", conflict, "AUDIO_NOT_READY").on("<booked>"), forbidden, nowhere}},
		"POST /api/meetings/:id/reanalyze": {id: "<completed>", tries: []try{
			right("rep", `{"sales_subtype":"demostracion"}`).giving(http.StatusAccepted),
			wrong("rep", `{"sales_subtype":"otra"}`, bad, "VALIDATION_ERROR"),
			wrong("rep", `{"sales_subtype":"demostracion"}`, bad, "VALIDATION_ERROR").on("<general>"),
			forbidden, nowhere, unwritten,
		}},
		"PATCH /api/meetings/:id": {id: "<completed>", tries: []try{
			right("rep", `{"title":"Otra"}`), wrong("rep", `{"sales_rep_id":"<rep>"}`, denied, "FORBIDDEN"),
			wrong("rep", `{"customerInfo":{"email":"no es"}}`, bad, "VALIDATION_ERROR"), forbidden, nowhere,
		}},
		"DELETE /api/meetings/:id": {id: "<booked>", tries: []try{
			right("rep", ""), wrong("other rep", "", denied, "FORBIDDEN"), wrong("", "", absent, "MEETING_NOT_FOUND").on("<none>"),
			wrong("rep", "", conflict, "INVALID_STATE").on("<completed>"),
		}},
		"DELETE /api/admin/meetings/:id": {id: "<booked>", tries: []try{
			right("", ""), wrong("rep", "", denied, "FORBIDDEN"), wrong("", "", absent, "MEETING_NOT_FOUND").on("<none>"),
		}},
		"POST /api/meetings/:id/sync-hubspot":      {id: "<completed>", tries: []try{right("rep", "").giving(http.StatusAccepted), forbidden, nowhere}},
		"GET /api/meetings/:id/hubspot/candidates": {id: "<completed>", tries: []try{right("rep", "").with("q=pedro"), forbidden, nowhere}},
		"GET /api/meetings/:id/hubspot/preview":    {id: "<completed>", tries: []try{right("rep", ""), forbidden, nowhere}},
		"GET /api/hubspot/contacts/search":         {tries: []try{right("rep", "").with("q=pedro"), wrong("rep", "", bad, "MISSING_PARAM")}},
	}
}

func peopleRows() map[string]sourceRow {
	const nobody = "SALES_REP_NOT_FOUND"
	performance := []try{
		right("rep", ""), right("", ""), wrong("other rep", "", denied, "FORBIDDEN"), wrong("", "", absent, nobody).on("<none>"),
	}
	return map[string]sourceRow{
		"GET /api/me":         {tries: []try{right("rep", ""), wrong("nobody", "", http.StatusUnauthorized, "UNAUTHORIZED")}},
		"PATCH /api/me":       {tries: []try{right("service", `{"name":"Bruno Díaz"}`).with(forRep), wrong("rep", `{"name":""}`, bad, "VALIDATION_ERROR")}},
		"GET /api/sales-reps": {tries: []try{right("", ""), wrong("rep", "", denied, "FORBIDDEN")}},
		"PATCH /api/sales-reps/:id": {id: "<rep>", tries: []try{
			right("", `{"is_admin":false}`), wrong("rep", `{"is_admin":true}`, denied, "FORBIDDEN"), wrong("", `{"is_admin":true}`, absent, nobody).on("<none>"),
		}},
		"GET /api/sales-reps/by-email": {tries: []try{
			right("rep", "").with("email=" + embedtest.RepEmail), wrong("rep", "", bad, "MISSING_PARAM"),
			wrong("rep", "", absent, nobody).with("email=nadie@andamio.example"),
		}},
		"GET /api/sales-reps/:id/performance":           {id: "<rep>", tries: performance},
		"GET /api/sales-reps/:id/performance/breakdown": {id: "<rep>", tries: performance},
		"GET /api/sales-reps/:id/performance/weekly":    {id: "<rep>", tries: performance},
		"GET /api/admin/team-performance":               {tries: []try{right("", ""), wrong("rep", "", denied, "FORBIDDEN")}},
		"GET /api/me/hubspot/owner":                     {tries: []try{right("rep", "")}},
		"GET /api/me/hubspot/owner/candidates":          {tries: []try{right("rep", "").with("q=bruno")}},
		"PATCH /api/me/hubspot/owner": {tries: []try{
			right("rep", `{"hubspotOwnerId":null}`), wrong("rep", `{"hubspotOwnerId":"999999"}`, bad, "HUBSPOT_OWNER_NOT_FOUND"),
		}},
		"PATCH /api/sales-reps/:id/hubspot-owner": {id: "<rep>", tries: []try{
			right("", `{"hubspotOwnerId":null}`), wrong("rep", `{"hubspotOwnerId":null}`, denied, "FORBIDDEN"),
			wrong("", `{"hubspotOwnerId":"999999"}`, bad, "HUBSPOT_OWNER_NOT_FOUND"), wrong("", `{"hubspotOwnerId":null}`, absent, nobody).on("<none>"),
		}},
		"GET /api/notifications":                {tries: []try{right("rep", "")}},
		"PATCH /api/notifications/:id/read":     {id: "<notification>", tries: []try{right("rep", ""), wrong("other rep", "", absent, "NOTIFICATION_NOT_FOUND")}},
		"POST /api/notifications/mark-all-read": {tries: []try{right("rep", "")}},
		"DELETE /api/notifications/read":        {tries: []try{right("other rep", "")}},
	}
}

func operationRows() map[string]sourceRow {
	const gone = "TRANSCRIPT_CORRECTION_NOT_FOUND"
	unauthorized := wrong("wrong key", "", http.StatusUnauthorized, "UNAUTHORIZED")
	return map[string]sourceRow{
		"GET /api/cron/process-queue":   {tries: []try{right("scheduler", ""), unauthorized, wrong("", "", http.StatusUnauthorized, "UNAUTHORIZED")}},
		"GET /api/cron/cleanup-storage": {tries: []try{right("scheduler", ""), unauthorized}},
		"GET /api/admin/cron-health":    {tries: []try{right("", ""), wrong("rep", "", denied, "FORBIDDEN")}},
		"POST /api/webhooks/recall": {tries: []try{
			right("nobody", ""), wrong("nobody", `{"event":"bot.done"}`, http.StatusUnauthorized, "INVALID_SIGNATURE"),
		}},
		"GET /api/transcript-corrections": {tries: []try{right("rep", "").with("onlyActive=true"), wrong("nobody", "", http.StatusUnauthorized, "UNAUTHORIZED")}},
		"POST /api/transcript-corrections": {tries: []try{
			right("", `{"wrong":"clic balans","right":"ClickBalance"}`).giving(http.StatusCreated),
			wrong("", `{"wrong":""}`, bad, "VALIDATION_ERROR"), wrong("rep", `{"wrong":"a","right":"b"}`, denied, "FORBIDDEN"),
		}},
		"PATCH /api/transcript-corrections/:id": {id: "<correction>", tries: []try{
			right("", `{"active":false}`), wrong("rep", `{"active":false}`, denied, "FORBIDDEN"), wrong("", `{"active":false}`, absent, gone).on("<none>"),
		}},
		"DELETE /api/transcript-corrections/:id": {id: "<correction>", tries: []try{
			right("", ""), wrong("rep", "", denied, "FORBIDDEN"), wrong("", "", absent, gone).on("<none>"),
		}},
	}
}

func chatRows() map[string]sourceRow {
	const question, unknown = `{"question":"¿Qué compromisos quedaron pendientes?"}`, "AGENT_NOT_FOUND"
	const vote = `{"source":"analysis","source_ref":"<completed>","vote":"like"}`
	const mine = "source=analysis&source_ref=<completed>"
	return map[string]sourceRow{
		"GET /api/meetings/:id/agents":                    {id: "<completed>", tries: []try{right("rep", ""), wrong("other rep", "", denied, "FORBIDDEN"), wrong("", "", absent, "MEETING_NOT_FOUND").on("<none>")}},
		"GET /api/meetings/:id/agents/:agentKey/messages": {id: withSeguimiento, tries: []try{right("rep", ""), wrong("rep", "", absent, unknown).on(withEvaluador)}},
		"POST /api/meetings/:id/agents/:agentKey/messages": {id: withSeguimiento, tries: []try{
			right("rep", question), wrong("rep", `{}`, bad, "MISSING_PARAM"), wrong("rep", question, absent, unknown).on(withEvaluador),
			wrong("rep", question, absent, unknown).on("<completed> nadie"), wrong("rep", question, conflict, "TRANSCRIPT_NOT_READY").on("<booked> seguimiento_general"),
		}},
		"DELETE /api/meetings/:id/agents/:agentKey/conversation": {id: withSeguimiento, tries: []try{right("rep", "")}},
		"POST /api/meetings/:id/agent-feedback":                  {id: "<completed>", tries: []try{right("rep", vote), wrong("rep", `{"source":"analysis"}`, bad, "VALIDATION_ERROR")}},
		"GET /api/meetings/:id/my-agent-feedback":                {id: "<completed>", tries: []try{right("rep", "")}},
		"DELETE /api/meetings/:id/agent-feedback":                {id: "<completed>", tries: []try{right("rep", "").with(mine), right("rep", "").with(mine), wrong("", "", conflict, "ALREADY_REVIEWED").on("<reviewed>").with(mine)}},
		"GET /api/sales-subtypes":                                {tries: []try{right("rep", "")}},
	}
}

func agentRows() map[string]sourceRow {
	const unknown = "AGENT_NOT_FOUND"
	notForReps := func(body string) try { return wrong("rep", body, denied, "FORBIDDEN") }
	notThere := func(body string) try { return wrong("", body, absent, unknown).on("nadie") }
	edit := func(good, bare string) []try {
		return []try{right("", good), wrong("", bare, bad, "VALIDATION_ERROR"), notForReps(good), notThere(good)}
	}
	return map[string]sourceRow{
		"GET /api/admin/agents": {tries: []try{right("", ""), notForReps("")}},
		"POST /api/admin/agents": {tries: []try{
			right("", `{"display_name":"Cotizador","instructions":"Responde en una frase."}`).giving(http.StatusCreated),
			wrong("", `{"display_name":""}`, bad, "VALIDATION_ERROR"), notForReps(`{"display_name":"x","instructions":"y"}`),
		}},
		"GET /api/admin/agents/models": {tries: []try{right("", ""), notForReps("")}},
		"GET /api/admin/agents/:key":   {id: "<agent>", tries: []try{right("", ""), notForReps(""), notThere("")}},
		"PUT /api/admin/agents/:key/instructions": {id: "<agent>", tries: append(edit(`{"instructions":"Responde en dos frases."}`, `{"instructions":""}`),
			wrong("", `{"instructions":"Otra vez."}`, conflict, "VERSION_CONFLICT").h("If-Match", `"999"`))},
		"PUT /api/admin/agents/:key/suggested-questions": {id: "<agent>", tries: edit(`{"suggested_questions":["¿Qué sigue?"]}`, `{"suggested_questions":[""]}`)},
		"PUT /api/admin/agents/:key/model":               {id: "<agent>", tries: edit(`{"model":"gpt-4o-mini"}`, `{"model":"no-es"}`)},
		"PUT /api/admin/agents/:key/params":              {id: "<agent>", tries: edit(`{"temperature":0.5,"top_p":0.9}`, `{"temperature":3}`)},
		"PUT /api/admin/agents/:key/name":                {id: "<agent>", tries: edit(`{"display_name":"Otro nombre"}`, `{"display_name":""}`)},
		"PUT /api/admin/agents/:key/active": {id: "<agent>", tries: []try{
			right("", `{"active":true}`), wrong("", `{}`, bad, "VALIDATION_ERROR").raw(), notForReps(`{"active":true}`), notThere(`{"active":true}`),
		}},
		"POST /api/admin/agents/:key/test": {id: "<agent>", tries: []try{right("", `{"question":"¿Qué sigue?","transcript":"Ana: le envío la propuesta el jueves."}`), notForReps(`{"question":"x","transcript":"y"}`)}},
		"GET /api/admin/agents/:key/files": {id: "<agent>", tries: []try{right("", ""), notForReps(""), notThere("")}},
		"POST /api/admin/agents/:key/files": {id: "<agent>", tries: []try{
			right("", "otra nota").giving(http.StatusCreated).h("X-Filename", "otra.txt", "Content-Type", "text/plain"),
			notForReps("x").h("X-Filename", "otra.txt", "Content-Type", "text/plain"),
		}},
		"DELETE /api/admin/agents/:key/files/:fileId": {id: "<agent>", tries: []try{notForReps(""), right("", "")}},
		"GET /api/admin/corrections":                  {tries: []try{right("", "").with("status=pending"), notForReps("")}},
		"PUT /api/admin/corrections/:id": {id: "<dislike>", tries: []try{
			right("", `{"status":"rejected","reason":"no aplica"}`), wrong("", `{"status":"rejected","reason":"no aplica"}`, absent, "CORRECTION_NOT_FOUND").on("<none>"),
			wrong("", `{"status":"approved","lesson_text":"Los compromisos son de quien los dice."}`, bad, "VALIDATION_ERROR"), notForReps(`{"status":"rejected"}`),
		}},
	}
}
