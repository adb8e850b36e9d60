package draw

// style is the style sheet of every picture. Colours are written twice, for pages that are light and dark; the light ones are also those of
// viewers that know no media queries. Every text has a contrast of at least 4.5 to what is behind it.
const style = `
.podwright{font-family:Helvetica,Arial,"Liberation Sans","DejaVu Sans",sans-serif;background:#fff}
.podwright text{fill:#1f2430}
.podwright .heading{font-size:18px;font-weight:bold}
.podwright .name{font-size:13px;font-weight:bold}
.podwright .strong{font-size:12px;font-weight:bold}
.podwright .plain{font-size:12px}
.podwright .small{font-size:11px}
.podwright text.muted{fill:#5b6472}
.podwright .paper{fill:#fff}
.podwright .node{fill:#f2f5f9;stroke:#b6c0cf}
.podwright .unscheduled{stroke-dasharray:6 4}
.podwright .group{fill:#e6ecf5;stroke:#8d9bb0;stroke-dasharray:4 3}
.podwright .pod{fill:#fff;stroke:#6b7890;stroke-width:1.5}
.podwright .container{fill:#eaf2ff;stroke:#7fa3da}
.podwright .init,.podwright .ephemeral{stroke-dasharray:4 3}
.podwright .sidecar{stroke-width:2.5}
.podwright text.kind{fill:#2d5bb0;font-style:italic}
.podwright .network{fill:#e6f4ee;stroke:#6aae90}
.podwright .volume{fill:#fdf1d8}
.podwright .service,.podwright .machine{fill:#fff;stroke-width:2}
.podwright .machine{stroke:#c2410c}
.podwright .port{fill:#fff0e6;stroke:#c2410c}
.podwright .bus{fill:#cfeadd;stroke:#4a9474}
.podwright .head{fill:#dfe7f3;stroke:none}
.podwright .cell{fill:#f6f8fb;stroke:#d0d8e4}
.podwright .good{fill:#2f9e5b}
.podwright .waiting{fill:#d19a00}
.podwright .done{fill:#7a8699}
.podwright .leaving{fill:#8b5cc4}
.podwright .bad{fill:#d13b3b}
.podwright text.text-good{fill:#1d7041}
.podwright text.text-waiting{fill:#805f00}
.podwright text.text-done{fill:#5b6472}
.podwright text.text-leaving{fill:#6f42a8}
.podwright text.text-bad{fill:#b42525}
.podwright .line{fill:none;stroke-width:1.6;stroke-linejoin:round}
.podwright .wire{stroke:#4a9474}
.podwright .dot{fill:#4a9474}
.podwright .mount{stroke:#8b95a5}
.podwright .shared0{stroke:#a8741a;stroke-width:2}
.podwright .shared1{stroke:#7d4a2f;stroke-width:2}
.podwright .shared2{stroke:#b0463c;stroke-width:2}
.podwright .forward{stroke:#c2410c;stroke-width:2}
.podwright .service0{stroke:#2563c9}
.podwright .service1{stroke:#8b3fb5}
.podwright .service2{stroke:#0f7f8a}
.podwright .service3{stroke:#b0307a}
.podwright .service4{stroke:#6b6f1d}
.podwright .unready{stroke-dasharray:5 4}
.podwright path.arrow{stroke:none}
.podwright .arrow.mount{fill:#8b95a5}
.podwright .arrow.shared0{fill:#a8741a}
.podwright .arrow.shared1{fill:#7d4a2f}
.podwright .arrow.shared2{fill:#b0463c}
.podwright .arrow.forward{fill:#c2410c}
.podwright .arrow.service0{fill:#2563c9}
.podwright .arrow.service1{fill:#8b3fb5}
.podwright .arrow.service2{fill:#0f7f8a}
.podwright .arrow.service3{fill:#b0307a}
.podwright .arrow.service4{fill:#6b6f1d}
@media (prefers-color-scheme:dark){
.podwright{background:#11151c}
.podwright text{fill:#e6eaf1}
.podwright text.muted,.podwright text.text-done{fill:#a3adbd}
.podwright .paper{fill:#11151c}
.podwright .node{fill:#181e28;stroke:#3d4859}
.podwright .group{fill:#202938;stroke:#5a6880}
.podwright .pod{fill:#141922;stroke:#7c8aa3}
.podwright .container{fill:#1a2a45;stroke:#466fae}
.podwright text.kind{fill:#8fb4f5}
.podwright .network{fill:#15302a;stroke:#3f8a6c}
.podwright .volume{fill:#3a2d10}
.podwright .service,.podwright .machine{fill:#181e28}
.podwright .machine{stroke:#f08a4b}
.podwright .port{fill:#3a2116;stroke:#f08a4b}
.podwright .bus{fill:#1b4236;stroke:#4fa684}
.podwright .head{fill:#27344a}
.podwright .cell{fill:#161c26;stroke:#303a4a}
.podwright text.text-good{fill:#6ed39a}
.podwright text.text-waiting{fill:#e8bd4a}
.podwright text.text-leaving{fill:#c3a0ee}
.podwright text.text-bad{fill:#ff8f8f}
.podwright .wire{stroke:#4fa684}
.podwright .dot{fill:#4fa684}
.podwright .shared0{stroke:#d9a441}
.podwright .shared1{stroke:#d19a7c}
.podwright .shared2{stroke:#f0897e}
.podwright .arrow.shared0{fill:#d9a441}
.podwright .arrow.shared1{fill:#d19a7c}
.podwright .arrow.shared2{fill:#f0897e}
.podwright .forward{stroke:#f08a4b}
.podwright .arrow.forward{fill:#f08a4b}
.podwright .service0{stroke:#6ea3ff}
.podwright .service1{stroke:#c78bea}
.podwright .service2{stroke:#45bcc8}
.podwright .service3{stroke:#f07fbe}
.podwright .service4{stroke:#c2c75a}
.podwright .arrow.service0{fill:#6ea3ff}
.podwright .arrow.service1{fill:#c78bea}
.podwright .arrow.service2{fill:#45bcc8}
.podwright .arrow.service3{fill:#f07fbe}
.podwright .arrow.service4{fill:#c2c75a}
}
`
