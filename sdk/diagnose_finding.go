package sdk

import (
	"fmt"
	"slices"
	"strings"
)

// Severity says how much a [Finding] matters. Higher is worse.
type Severity int

const (
	// SeverityNote keeps nothing from running.
	SeverityNote Severity = iota
	// SeverityProgress is something that takes its time, and is no fault as yet.
	SeverityProgress
	// SeverityProblem keeps the subject from running until something changes: the program, the cluster, or what the pod refers to.
	SeverityProblem
	// SeverityFatal will not change: the pod has ended, or cannot begin as its spec is.
	SeverityFatal
)

// String returns the severity in lower case: "note", "progress", "problem" or "fatal".
func (s Severity) String() string {
	names := [...]string{"note", "progress", "problem", "fatal"}
	if s < 0 || int(s) >= len(names) {
		return fmt.Sprintf("severity %d", int(s))
	}
	return names[s]
}

// Finding is one thing that is the matter with something.
type Finding struct {
	Severity Severity
	// Reason is for programs to test.
	Reason FindingReason
	// Subject is what it is about.
	Subject Subject
	// Also are others of which the same is true.
	Also []Subject
	// Message says what is the matter, in words that follow the subject: "cannot be scheduled: ...".
	Message string
	// Hint says what to do about it; empty if nothing general can be said.
	Hint string
	// Log is the last lines of the container's log where they may say more.
	Log []string
}

// finding makes a finding whose message is formatted.
func finding(about Subject, s Severity, reason FindingReason, hint, format string, args ...any) Finding {
	return Finding{Severity: s, Reason: reason, Subject: about, Message: fmt.Sprintf(format, args...), Hint: hint}
}

// Subject is what a [Finding] is about: an object, and a container of it if Container is not empty.
type Subject struct {
	Kind, Namespace, Name, Container string
}

// String returns "Pod web/app container crane".
func (s Subject) String() string {
	text := describeRef(s.Kind, s.Namespace, s.Name)
	if s.Container != "" {
		text += " container " + s.Container
	}
	return text
}

// short is the subject for who knows where it is.
func (s Subject) short() string {
	if s.Container == "" {
		return s.Name
	}
	return s.Name + " " + s.Container
}

// String returns subject, message and hint, in sentences.
func (f Finding) String() string { return f.within("") }

// within is the finding in a text about the target, which need not be named again.
func (f Finding) within(target string) string {
	subject := f.Subject.String()
	switch {
	case target != "" && subject == target:
		subject = "it"
	case target != "" && strings.HasPrefix(subject, target+" "):
		subject = strings.TrimPrefix(subject, target+" ")
	}
	if n := len(f.Also); n > 0 {
		subject += fmt.Sprintf(" (and %d more like it)", n)
	}
	text := sentence(subject + " " + f.Message)
	if f.Hint != "" {
		text += " " + sentence(capital(f.Hint))
	}
	return text
}

// capital is a text that begins a sentence.
func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// sentence ends a text with a full stop unless it has an end.
func sentence(text string) string {
	text = strings.TrimRight(text, " \n")
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

// same reports whether two findings say the same, be it of different pods.
func (f Finding) same(g Finding) bool {
	return f.Severity == g.Severity && f.Reason == g.Reason && f.Message == g.Message && f.Hint == g.Hint &&
		f.Subject.Kind == g.Subject.Kind && f.Subject.Container == g.Subject.Container
}

// hasFinding reports whether one of the reasons has been found for a container, or for any if the name is empty.
func hasFinding(found []Finding, container string, reasons ...FindingReason) bool {
	return slices.ContainsFunc(found, func(f Finding) bool {
		return (container == "" || f.Subject.Container == container) && slices.Contains(reasons, f.Reason)
	})
}
