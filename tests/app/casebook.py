"""The documents of the small knowledge base, which tests of the cases name."""

BORNHOLM, TOMELILLA, BUURTZORG, DESERVED, REFORM, TIMBRO = (
    "dk-bornholm-mowing-by-result",
    "se-tomelilla-trust-based-governance",
    "int-nl-buurtzorg",
    "no-principle-trust-must-be-deserved",
    "dk-elder-care-reform-2024",
    "se-timbro-npm-research-review",
)
