package discard_test

import (
	"testing"

	"github.com/podwright/podwright/gen/discard"
	"golang.org/x/tools/go/analysis/analysistest"
)

// Each folder is a topic; the comments in it say what is reported, and lines without one that nothing is.
func TestAnalyzer(t *testing.T) {
	for _, topic := range []string{"methods", "functions", "embedded", "measured", "example.com/builders"} {
		t.Run(topic, func(t *testing.T) { analysistest.Run(t, analysistest.TestData(), discard.Analyzer, topic) })
	}
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), discard.Analyzer, "fixes")
}
