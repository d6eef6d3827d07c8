package meetingshttp

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/signature"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// InvalidSignature is the code for a webhook that is unsigned, forged or stale.
const InvalidSignature fault.Code = "INVALID_SIGNATURE"

// webhookLimit is far above anything the vendor sends: its events carry IDs and codes, no content.
const webhookLimit = 256 << 10

// RegisterWebhook registers POST /api/webhooks/recall: limit, signature over the raw bytes, one insert, 200.
func RegisterWebhook(api *httpserver.API, uc *meetingsuc.ReceiveWebhook, verifier *signature.Verifier, now func() time.Time) {
	httpserver.Raw(api, http.MethodPost, "/api/webhooks/recall", httpserver.Spec{
		ID: "receiveRecallWebhook", Tag: tag, Summary: "Takes in the notetaker vendor's events",
		Description: "Signed by Recall.ai, with svix-* or webhook-* headers. Repeated deliveries change nothing.",
		Credential:  httpserver.Signed, BodyLimit: webhookLimit, Errors: []fault.Code{InvalidSignature},
	}, nil, func(c echo.Context) error {
		body, err := io.ReadAll(c.Request().Body)
		if err != nil {
			return fmt.Errorf("read webhook: %w", err)
		}
		id, err := verifier.Verify(c.Request().Header, body, now())
		if err != nil {
			return fault.Wrap(fault.Unauthenticated, InvalidSignature, err)
		}
		event := meetingsuc.InboundEvent{ID: id, Body: body, RequestID: httpserver.CallerOf(c).RequestID}
		if err := uc.Execute(c.Request().Context(), event); err != nil {
			return err
		}
		return c.JSON(http.StatusOK, map[string]bool{"ok": true})
	})
}
