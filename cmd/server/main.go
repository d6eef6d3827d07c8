// Command server answers the API in production. Every setting is an environment variable (.env.example); the database
// must be migrated (`tertulia migrate`), and somebody must run the jobs (command worker).
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"

	"github.com/tertulia-dev/tertulia/pkg/embed"
)

func main() {
	os.Exit(embed.Program{Name: "server", Check: embed.Config.ValidateServer, Run: serve}.Main())
}

func serve(ctx context.Context, app *embed.App, cfg embed.Config) error {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", net.JoinHostPort(cfg.HTTP.Host, strconv.Itoa(cfg.HTTP.Port)))
	if err != nil {
		return fmt.Errorf("listen on HOST and PORT: %w", err)
	}
	return app.Serve(ctx, ln)
}
