package main

import (
	"fmt"
	"io"
	"time"

	"github.com/tertulia-dev/tertulia/pkg/embed"
)

// printReady tells what to open.
func printReady(out io.Writer, cfg embed.Config, dashboard string, s *stores, took time.Duration) {
	api := cfg.HTTP.PublicURL
	fmt.Fprintf(out, `Tertulia is ready after %.1f s (%s; data in %s).

  API            %s  (open it for the reference)
  Costs          %s/costs
  Document       %s/openapi.json
  Postman        %s/postman/collection.json, %s/postman/environment.json
  Job queues     %s
                 (opens once, for ten minutes; another: DATA_DIR=%s go run ./cmd/tertulia admin link)
  Sandbox        http://%s:%d  (vendors' doubles; control API below /_control)

  curl -s -H 'X-API-Key: %s' %s/api/meetings

The other secrets, such as CRON_SECRET, are in secrets.json of the data folder.
Ctrl-C stops everything; the data stays.
`, took.Seconds(), s.about, cfg.Stores.DataDir, api, api, api, api, api, dashboard, cfg.Stores.DataDir, cfg.HTTP.Host, cfg.HTTP.SandboxPort,
		cfg.Access.ServiceAPIKey.Reveal(), api)
}
