// Package closest finds what somebody who mistyped a name meant.
//
// The one thing people get wrong: a guess is for the end of an error message, never to go on with.
//
//	if near := closest.To("imgae", fields); near != "" {
//		return fmt.Errorf("no field %q, did you mean %q?", "imgae", near)
//	}
package closest

import "strings"

// To is the candidate that name was probably meant to be, or "". A difference in case alone always counts; else
// one typing mistake in three letters does. The first of equally close candidates wins.
func To(name string, candidates []string) string {
	if len(name) > 100 { // no field name is that long, and the distance is quadratic
		return ""
	}
	best, least := "", len(name)/3+1
	for _, c := range candidates {
		if d := distance(strings.ToLower(name), strings.ToLower(c)); d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete or replace to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
