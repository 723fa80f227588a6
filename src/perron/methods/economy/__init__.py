"""The methods of the economy: regions by sectors, arrays or labelled frames in, the same kind out.

Each public function is found here by its name and documented in its module. A function may have the
name of its module (`shift_share`): here the name is the function, and the module is imported from.

>>> import numpy as np
>>> from perron.methods import economy
>>> economy.location_quotient(np.array([[30.0, 10.0], [20.0, 40.0]])).round(2).tolist()
[[1.5, 0.5], [0.67, 1.33]]
"""

from perron.methods.economy.backtest import (
    Backtest,
    Foretold,
    Score,
    Verdict,
    area_under_curve,
    backtest,
    foretold,
)
from perron.methods.economy.breaks import breakpoints, chow, date_sets, sup_f
from perron.methods.economy.communities import (
    Communities,
    adjusted_rand,
    communities,
    weighted_communities,
)
from perron.methods.economy.complexity import (
    Complexity,
    ComplexityWarning,
    Fitness,
    eci_pci,
    fitness,
)
from perron.methods.economy.concentration import (
    gini_of_concentration,
    hoover_concentration,
    krugman_concentration,
    locational_gini,
    spatial_herfindahl,
)
from perron.methods.economy.drivers import (
    Population,
    enterprise_demography,
    exposure,
    growth_contribution,
)
from perron.methods.economy.entry import (
    EntryModel,
    NotMeasurableError,
    density_test,
    entries,
    entry_model,
)
from perron.methods.economy.index_bounds import entropy_bounds, krugman_bounds
from perron.methods.economy.indicators import Indicators, indicators
from perron.methods.economy.labels import EmptyWarning
from perron.methods.economy.links import (
    input_output_links,
    input_shares,
    output_shares,
    shared_skill_links,
    strongest_flows,
    strongest_skills,
)
from perron.methods.economy.outlook import (
    density,
    density_bounds,
    distance,
    opportunity_gain,
    outlook_index,
)
from perron.methods.economy.panels import Panel, Status, panel
from perron.methods.economy.quadrants import Position, Side, positions, sides
from perron.methods.economy.quotient_intervals import (
    quotient_of_counts,
    sampling_interval,
    suppression_bounds,
)
from perron.methods.economy.quotients import location_quotient, specialised
from perron.methods.economy.relatedness import (
    association,
    cooccurrence,
    cosine,
    jaccard,
    probability,
    proximity,
)
from perron.methods.economy.shift_share import (
    dynamic_shift_share,
    shift_share,
    shift_share_by_sector,
)
from perron.methods.economy.significance import (
    Links,
    link_significance,
    links_by_chance,
    significant,
)
from perron.methods.economy.specialisation import (
    coefficient_of_specialisation,
    gini_of_shares,
    gini_of_specialisation,
    hachman,
    herfindahl,
    hoover,
    krugman,
    theil,
    theil_redundancy,
)
from perron.methods.economy.surroundings import (
    excess,
    nearest,
    surroundings,
    surroundings_everywhere,
    surroundings_sweep,
)
from perron.methods.economy.uncertainty import (
    known_share,
    options,
    resampled_density,
    threshold_sweep,
)
from perron.methods.economy.variety import (
    entropy,
    parents_by_length,
    related_variety,
    unrelated_variety,
)

__all__ = [
    "Backtest",
    "Communities",
    "Complexity",
    "ComplexityWarning",
    "EmptyWarning",
    "EntryModel",
    "Fitness",
    "Foretold",
    "Indicators",
    "Links",
    "NotMeasurableError",
    "Panel",
    "Population",
    "Position",
    "Score",
    "Side",
    "Status",
    "Verdict",
    "adjusted_rand",
    "area_under_curve",
    "association",
    "backtest",
    "breakpoints",
    "chow",
    "coefficient_of_specialisation",
    "communities",
    "cooccurrence",
    "cosine",
    "date_sets",
    "density",
    "density_bounds",
    "density_test",
    "distance",
    "dynamic_shift_share",
    "eci_pci",
    "enterprise_demography",
    "entries",
    "entropy",
    "entropy_bounds",
    "entry_model",
    "excess",
    "exposure",
    "fitness",
    "foretold",
    "gini_of_concentration",
    "gini_of_shares",
    "gini_of_specialisation",
    "growth_contribution",
    "hachman",
    "herfindahl",
    "hoover",
    "hoover_concentration",
    "indicators",
    "input_output_links",
    "input_shares",
    "jaccard",
    "known_share",
    "krugman",
    "krugman_bounds",
    "krugman_concentration",
    "link_significance",
    "links_by_chance",
    "location_quotient",
    "locational_gini",
    "nearest",
    "opportunity_gain",
    "options",
    "outlook_index",
    "output_shares",
    "panel",
    "parents_by_length",
    "positions",
    "probability",
    "proximity",
    "quotient_of_counts",
    "related_variety",
    "resampled_density",
    "sampling_interval",
    "shared_skill_links",
    "shift_share",
    "shift_share_by_sector",
    "sides",
    "significant",
    "spatial_herfindahl",
    "specialised",
    "strongest_flows",
    "strongest_skills",
    "sup_f",
    "suppression_bounds",
    "surroundings",
    "surroundings_everywhere",
    "surroundings_sweep",
    "theil",
    "theil_redundancy",
    "threshold_sweep",
    "unrelated_variety",
    "weighted_communities",
]
