package embed

import (
	"github.com/tertulia-dev/tertulia/adapter/billing/billinghttp"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/reference"
)

const title = "Tertulia"

// about opens the API reference.
const about = `Sales meetings: a notetaker joins the call, the call is transcribed, measured, scored and handed to the CRM.

**Postman, Insomnia, Bruno:** [collection](/postman/collection.json) and [environment](/postman/environment.json). Import both,
set ` + "`baseUrl`, `serviceApiKey` (or `authToken`) and `cronSecret`" + `, and run.
**Costs:** [what a meeting costs](/costs). **Document:** [OpenAPI 3.1](/openapi.json).

| credential | header | for |
|---|---|---|
| a person | ` + "`Authorization: Bearer <jwt>`" + ` | the panel |
| a service | ` + "`X-API-Key: <key>`" + ` and ` + "`salesRepEmail`" + ` in body or query | automations, AI agents |
| the scheduler | ` + "`Authorization: Bearer <CRON_SECRET>`" + ` | ` + "`/api/cron/*`" + ` |
| the notetaker's vendor | ` + "`svix-*` or `webhook-*`" + ` | ` + "`/api/webhooks/recall`" + ` |

Errors are ` + "`{\"error\": \"a sentence\", \"code\": \"MACHINE_CODE\", \"details\": […], \"requestId\": \"…\"}`" + `, in Spanish, English or
Portuguese by ` + "`Accept-Language`" + `. Each operation shows its own with their causes.`

// registerPages serves what people look at: the API reference at /, and the costs.
func registerPages(api *httpserver.API, costs billinghttp.Page) {
	reference.Register(api.Echo(), title)
	billinghttp.RegisterPage(api.Echo(), costs)
}
