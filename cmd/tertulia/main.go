// Command tertulia runs the whole system on one machine (dev), prepares a database (migrate), administers an
// installation (admin) and has people called (calls).
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/tertulia-dev/tertulia/pkg/embed"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends everything at once
	if err := rootCommand().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "tertulia:", err)
		os.Exit(exitCode(err))
	}
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use: "tertulia", Short: "The conversations a company has with its customers", Version: embed.Version,
		SilenceUsage: true, SilenceErrors: true,
	}
	root.SetOut(os.Stdout) // what commands print is their answer, not an error
	root.AddCommand(devCommand(), migrateCommand(), adminCommand(), probeCommand(), callsCommand())
	return root
}
