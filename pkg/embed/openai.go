package embed

import (
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
)

// newOpenAI is nil where there is no key.
func newOpenAI(cfg Config, reg prometheus.Registerer, logger *slog.Logger) (*openai.Client, error) {
	if cfg.OpenAI.APIKey == "" {
		return nil, nil
	}
	return openai.New(openai.Options{
		BaseURL: cfg.OpenAI.BaseURL, APIKey: cfg.OpenAI.APIKey.Reveal(), Logger: logger, Registerer: reg,
	})
}
