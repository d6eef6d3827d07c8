package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/tertulia-dev/tertulia/adapter/batchcalls/phonemeta"
	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

const (
	terminalLanguage = "en"     // of what the commands print
	headSize         = 64 << 10 // of a file, from which its columns are guessed
)

// callList is a file of people to be called.
type callList struct {
	batchcalls.Report

	mapping batchcalls.Mapping
	people  []tertulia.CallRecipient
}

// readList reads a file. Wrong rows are in the report.
func readList(file io.Reader, columns map[string]string, region string) (callList, error) {
	buffered := bufio.NewReaderSize(file, headSize)
	rules := batchcalls.Import{Mapping: mappingOf(columns), Region: strings.ToUpper(region), Normalize: phonemeta.New().Normalize}
	if rules.Mapping == nil {
		head, err := buffered.Peek(headSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return callList{}, fmt.Errorf("calls: read the file: %w", err)
		}
		if end := bytes.LastIndexByte(head, '\n'); len(head) == headSize && end > 0 {
			head = head[:end]
		}
		preview, err := batchcalls.PreviewCSV(bytes.NewReader(head), rules)
		if err != nil {
			return callList{}, wrongList(err, nil)
		}
		rules.Mapping = preview.Mapping
	}
	list := callList{mapping: rules.Mapping}
	report, err := batchcalls.ReadCSV(buffered, rules, func(row batchcalls.Row) error {
		list.people = append(list.people, recipientOf(row))
		return nil
	})
	if err != nil {
		return callList{}, wrongList(err, rules.Mapping)
	}
	list.Report = report
	return list, nil
}

// mappingOf reads --map: phone, the provider's overrides and variables, by the headers of their columns.
func mappingOf(columns map[string]string) batchcalls.Mapping {
	var m batchcalls.Mapping
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		c := batchcalls.Column{Header: columns[name], Target: batchcalls.ToVariable, Name: name}
		switch {
		case name == "phone":
			c.Target, c.Name = batchcalls.ToPhone, ""
		case slices.Contains(batchcalls.Overrides(), name):
			c.Target = batchcalls.ToOverride
		}
		m = append(m, c)
	}
	return m
}

// recipientOf makes what is submitted of a row; where overrides go is the provider's (conversation_config_override).
func recipientOf(row batchcalls.Row) tertulia.CallRecipient {
	r := tertulia.CallRecipient{PhoneNumber: string(row.Phone), DynamicVariables: row.Variables}
	agent := map[string]any{}
	for _, name := range []string{"language", "first_message"} {
		if value := row.Overrides[name]; value != "" {
			agent[name] = value
		}
	}
	if prompt := row.Overrides["system_prompt"]; prompt != "" {
		agent["prompt"] = map[string]any{"prompt": prompt}
	}
	override := map[string]any{}
	if len(agent) > 0 {
		override["agent"] = agent
	}
	if voice := row.Overrides["voice_id"]; voice != "" {
		override["tts"] = map[string]any{"voice_id": voice}
	}
	if len(override) > 0 {
		r.ClientData = map[string]any{"conversation_config_override": override}
	}
	return r
}

// tell lists what is wrong with the file, and what is left out of it.
func (l callList) tell(w io.Writer) {
	texts := catalog.New()
	for _, p := range l.Problems {
		fmt.Fprintf(w, "line %d: %s: %s\n", p.Line, p.Name, texts.Sentence(terminalLanguage, fault.Invalid, p.Rule, p.Params))
	}
	if l.Bad > 0 && len(l.Problems) == batchcalls.Listed {
		fmt.Fprintln(w, "… and maybe more: these are the first problems")
	}
	for _, d := range l.Duplicates {
		fmt.Fprintf(w, "line %d: has the number of line %d and is left out\n", d.Line, d.FirstLine)
	}
	if more := l.Repeated - len(l.Duplicates); more > 0 {
		fmt.Fprintf(w, "… and %d more with a number that an earlier line has\n", more)
	}
	if l.Windows1252 {
		fmt.Fprintln(w, "The file is not UTF-8 and was read as Windows-1252: look at the accents")
	}
}

// shown is how many people a dry run shows.
const shown = 5

// show says what would be sent.
func (l callList) show(w io.Writer) {
	for _, c := range l.mapping {
		switch c.Target {
		case batchcalls.ToPhone:
			fmt.Fprintf(w, "column %q is the phone\n", c.Header)
		case batchcalls.ToNothing:
			fmt.Fprintf(w, "column %q is left out\n", c.Header)
		default:
			fmt.Fprintf(w, "column %q is the %s %s\n", c.Header, c.Target, c.Name)
		}
	}
	for _, p := range l.people[:min(shown, len(l.people))] {
		fmt.Fprintf(w, "%s %s\n", p.PhoneNumber, variables(p))
	}
	fmt.Fprintf(w, "%d people would be called; nothing was sent\n", len(l.people))
}

func variables(p tertulia.CallRecipient) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(p.DynamicVariables)) {
		all = append(all, fmt.Sprintf("%s=%v", name, p.DynamicVariables[name]))
	}
	return strings.Join(all, " ")
}

// wrongList puts what is wrong with a file as a whole, or with --map, in words.
func wrongList(err error, mapping batchcalls.Mapping) error {
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return fmt.Errorf("calls: read the file: %w", err)
	}
	texts, lines := catalog.New(), []string{"calls: the file cannot be used"}
	for _, f := range wrong.Fields {
		name := f.Name
		var column int
		if _, err := fmt.Sscanf(name, "mapping[%d]", &column); err == nil && column < len(mapping) {
			name = fmt.Sprintf("--map …=%s", mapping[column].Header)
		}
		lines = append(lines, fmt.Sprintf("  %s: %s", name, texts.Sentence(terminalLanguage, fault.Invalid, f.Rule, f.Params)))
	}
	return errors.New(strings.Join(lines, "\n"))
}
