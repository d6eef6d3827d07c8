package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// Exit codes beside 0 and 1.
const (
	exitWrongFile = 2 // the file or a flag is wrong: nothing was sent
	exitDoubtful  = 3 // nobody knows yet whether calls were placed
)

// coded is an error with which the program ends in a way that scripts can tell apart.
type coded struct {
	error

	code int
}

// Unwrap returns the error itself.
func (c *coded) Unwrap() error { return c.error }

// exitCode is what the program ends with after an error.
func exitCode(err error) int {
	if c, ok := errors.AsType[*coded](err); ok {
		return c.code
	}
	return 1
}

func callsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "calls", Short: "Have a list of people called by a voice agent, and follow the calls",
		Long: "Talks to the server at TERTULIA_URL with the key in SERVICE_API_KEY; without them, to a running `tertulia dev`.\n\n" +
			"Ends with 0 when all went well, 2 when the file or a flag is wrong and nothing was sent, 3 when nobody knows yet whether " +
			"calls were placed, and 1 otherwise.",
	}
	cmd.AddCommand(
		submitCallsCommand(), callStatusCommand(), cancelCallsCommand(), resumeCallsCommand(), watchCallsCommand(), campaignsCommand(),
	)
	return cmd
}

// connect makes the client of the server that the environment names, or of the dev that runs on the data folder.
func connect() (*tertulia.Client, error) {
	address, key := os.Getenv("TERTULIA_URL"), os.Getenv("SERVICE_API_KEY")
	if address == "" || key == "" {
		running, kept, err := findDev()
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, errors.New("calls: no server is known: set TERTULIA_URL and SERVICE_API_KEY, or start `tertulia dev`")
		case err != nil:
			return nil, err
		}
		address, key = cmp.Or(address, running.PublicURL), cmp.Or(key, kept["SERVICE_API_KEY"])
	}
	return tertulia.New(address, tertulia.WithAPIKey(key), tertulia.WithUserAgent("tertulia-cli"), tertulia.WithLanguage("en")), nil
}

// findDev returns what a running dev has told, and the secrets that it keeps. fs.ErrNotExist when none runs.
func findDev() (running, map[string]string, error) {
	dir := os.Getenv("DATA_DIR")
	if dir == "" {
		var err error
		if dir, err = embedded.DefaultDataDir(); err != nil {
			return running{}, nil, err
		}
	}
	r, err := readRunning(dir)
	if err != nil {
		return running{}, nil, err
	}
	kept, err := readSecrets(dir)
	return r, kept, err
}

// explain puts what the server refused in a sentence for a terminal.
func explain(err error) error {
	refused, ok := errors.AsType[*tertulia.APIError](err)
	if !ok {
		return fmt.Errorf("calls: %w", err)
	}
	text := "calls: " + refused.Message
	for _, d := range refused.Details {
		text += fmt.Sprintf("\n  %s: %s", d.Field, d.Message)
	}
	if refused.RequestID != "" {
		text += " (request " + refused.RequestID + ")"
	}
	return errors.New(text)
}
