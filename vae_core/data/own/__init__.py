"""What a person brings: values, axes and labels are recognised, or refused in a sentence."""
