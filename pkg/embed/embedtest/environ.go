package embedtest

// Environ is the system's configuration as an operator writes it, for processes that work beside it.
func (s *System) Environ() []string {
	c := s.Config
	return []string{
		"HOST=127.0.0.1", "PUBLIC_URL=" + c.HTTP.PublicURL,
		"DATABASE_URL=" + c.Stores.DatabaseURL.Reveal(), "REDIS_URL=" + c.Stores.RedisURL.Reveal(),
		"DATABASE_MAX_CONNS=8", "DATA_DIR=" + c.Stores.DataDir, "MEDIA_SIGNING_SECRET=" + c.Stores.MediaSecret.Reveal(),
		"SERVICE_API_KEY=" + c.Access.ServiceAPIKey.Reveal(), "CRON_SECRET=" + c.Access.CronSecret.Reveal(),
		"RECALL_API_KEY=" + c.Recall.APIKey.Reveal(), "RECALL_BASE_URL=" + c.Recall.BaseURL,
		"RECALL_WEBHOOK_SECRET=" + c.Recall.WebhookSecret.Reveal(),
		"ELEVENLABS_API_KEY=" + c.Calls.APIKey.Reveal(), "ELEVENLABS_BASE_URL=" + c.Calls.BaseURL,
		"ELEVENLABS_WEBHOOK_SECRET=" + c.Calls.WebhookSecret.Reveal(), "ELEVENLABS_TIMEOUT=" + c.Calls.Timeout.String(),
		"OPENAI_API_KEY=" + c.OpenAI.APIKey.Reveal(), "OPENAI_BASE_URL=" + c.OpenAI.BaseURL,
		"HUBSPOT_ACCESS_TOKEN=" + c.HubSpot.AccessToken.Reveal(), "HUBSPOT_BASE_URL=" + c.HubSpot.BaseURL,
		"N8N_WEBHOOK_URL=" + c.N8N.WebhookURL, "N8N_WEBHOOK_SECRET=" + c.N8N.WebhookSecret.Reveal(),
	}
}
