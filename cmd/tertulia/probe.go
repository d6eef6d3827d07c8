package main

import (
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

// probeCommand is for health checks in an image that holds nothing but the binaries.
func probeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "probe URL", Short: "Succeed when a URL answers 200", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, args[0], nil)
			if err != nil {
				return fmt.Errorf("probe: %w", err)
			}
			client := http.Client{Timeout: 3 * time.Second}
			res, err := client.Do(r)
			if err != nil {
				return fmt.Errorf("probe: %w", err)
			}
			defer res.Body.Close()
			if res.StatusCode != http.StatusOK {
				return fmt.Errorf("probe: %s", res.Status)
			}
			return nil
		},
	}
}
