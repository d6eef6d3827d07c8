package batchcalls

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// row reads one line, or tells everything that is wrong with it.
func (in Import) row(l line, columns []Column) (Row, []Problem) {
	if l.problem != nil {
		return Row{}, []Problem{*l.problem}
	}
	row := Row{Line: l.number, Variables: map[string]any{}}
	var problems []Problem
	wrong := func(name string, rule fault.Code, params map[string]string) {
		problems = append(problems, Problem{Line: l.number, Field: fault.Field{Name: name, Rule: rule, Params: params}})
	}
	for i, c := range columns {
		cell := ""
		if i < len(l.cells) {
			cell = l.cells[i]
		}
		switch {
		case c.Target == ToPhone:
			phone, ok := in.phone(cell)
			if !ok {
				rule, params := in.phoneRule(cell)
				wrong(c.Header, rule, params)
			}
			row.Phone = phone
		case cell == "" || c.Target == ToNothing:
		case c.Target == ToOverride:
			if row.Overrides == nil {
				row.Overrides = map[string]string{}
			}
			row.Overrides[c.name()] = cell
		default:
			value, rule := c.Type.read(cell)
			if rule != "" {
				wrong(c.Header, rule, nil)
			}
			row.Variables[c.name()] = value
		}
	}
	for _, name := range MissingVariables(in.required(row), row.Variables) {
		wrong(name, fault.Required, nil)
	}
	return row, problems
}

// required are the variables that the row must give: the agent's, and those that its own texts name.
func (in Import) required(row Row) []string {
	if row.Overrides == nil {
		return in.Required
	}
	own := RequiredVariables([]string{row.Overrides["first_message"], row.Overrides["system_prompt"]}, nil)
	return slices.Compact(slices.Sorted(slices.Values(append(own, in.Required...))))
}

// phone normalises a cell; false for what is no number.
func (in Import) phone(cell string) (Phone, bool) {
	if cell == "" || isShortened(cell) {
		return "", false
	}
	e164, ok := in.Normalize(cell, in.Region)
	if !ok || !IsE164(e164) {
		return "", false
	}
	return Phone(e164), true
}

// phoneRule tells what is wrong with a cell that is no phone number.
func (in Import) phoneRule(cell string) (fault.Code, map[string]string) {
	switch {
	case cell == "":
		return fault.Required, nil
	case isShortened(cell):
		return ShortenedPhone, nil
	case in.Region != "":
		return BadPhone, map[string]string{"region": in.Region}
	default:
		return BadPhone, nil
	}
}

// isShortened reports whether a spreadsheet has written a long number as 5.25512E+11 or 5,25512E+11.
func isShortened(cell string) bool {
	if !strings.ContainsAny(cell, "Ee") {
		return false
	}
	_, err := strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64)
	return err == nil
}

// read turns a cell into a value of the type, or returns the rule that it breaks.
func (t ValueType) read(cell string) (any, fault.Code) {
	switch t {
	case AsNumber:
		if whole, err := strconv.ParseInt(cell, 10, 64); err == nil {
			return whole, ""
		}
		// One comma and no point is a decimal comma: 12,5. Grouping (1.234,50) is left to whoever made the file: it cannot
		// be told from a decimal for sure.
		text := cell
		if strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
			text = strings.Replace(text, ",", ".", 1)
		}
		number, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
			return nil, NotANumber
		}
		return number, ""
	case AsBoolean:
		switch strings.ToLower(cell) {
		case "true", "1", "yes", "y", "sí", "si", "sim", "s", "verdadero", "verdadeiro":
			return true, ""
		case "false", "0", "no", "n", "não", "nao", "falso":
			return false, ""
		}
		return nil, NotABoolean
	default:
		return cell, ""
	}
}
