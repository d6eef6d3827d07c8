// Command worker runs the jobs in production, as many of it beside each other as there is work for. Every setting is an
// environment variable (.env.example); it is watched on METRICS_ADDR.
package main

import (
	"context"
	"os"

	"github.com/tertulia-dev/tertulia/pkg/embed"
)

func main() { os.Exit(program(embed.Options{}).Main()) }

func program(o embed.Options) embed.Program {
	return embed.Program{Name: "worker", Check: embed.Config.ValidateWorker, Run: work, Options: o}
}

func work(ctx context.Context, app *embed.App, _ embed.Config) error { return app.Work(ctx) }
