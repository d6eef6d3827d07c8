package batchcallshttp

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// InvalidSignature is the code for a webhook that is unsigned, forged or stale.
const InvalidSignature fault.Code = "INVALID_SIGNATURE"

// webhookLimit is above any transcript. Recordings are longer, and are read to their end without being kept.
const webhookLimit = 64 << 20

// Signed checks a webhook's signature over the raw body, and returns the ID that its repeated deliveries share.
type Signed func(header http.Header, body []byte) (id string, err error)

// Receiver takes in events.
type Receiver interface {
	// Execute stores an event; see batchcallsuc.ReceiveWebhook.
	Execute(ctx context.Context, e batchcallsuc.InboundEvent) error
}

// RegisterWebhook registers POST /api/webhooks/elevenlabs: limit, signature over the raw bytes, one insert, 200.
func RegisterWebhook(api *httpserver.API, uc Receiver, signed Signed) {
	httpserver.Raw(api, http.MethodPost, "/api/webhooks/elevenlabs", httpserver.Spec{
		ID: "receiveElevenLabsWebhook", Tag: tag, Summary: "Takes in the calls' events",
		Description: "Signed by ElevenLabs, with ElevenLabs-Signature. Repeated deliveries change nothing.",
		Credential:  httpserver.Signed, BodyLimit: webhookLimit, Errors: []fault.Code{InvalidSignature},
	}, nil, func(c echo.Context) error {
		body, err := io.ReadAll(c.Request().Body)
		if err != nil {
			return fmt.Errorf("read webhook: %w", err)
		}
		id, err := signed(c.Request().Header, body)
		if err != nil {
			return fault.Wrap(fault.Unauthenticated, InvalidSignature, err)
		}
		event := batchcallsuc.InboundEvent{ID: id, Body: body, RequestID: httpserver.CallerOf(c).RequestID}
		if err := uc.Execute(c.Request().Context(), event); err != nil {
			return err
		}
		return c.JSON(http.StatusOK, map[string]bool{"ok": true})
	})
}
